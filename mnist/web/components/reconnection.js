// Runs the page once its connection is there again: a server that was restarted, or has forgotten a page that slept,
// does not know the page's parts, and would do nothing when they are used.

const STATE = "data-test-connection-state";

export default function ({ setTriggerValue }) {
  const app = document.querySelector("[data-testid=stApp]");
  if (!app) return;
  let connected = app.getAttribute(STATE) === "CONNECTED";
  const observer = new MutationObserver(() => {
    const now = app.getAttribute(STATE) === "CONNECTED";
    if (now && !connected) setTriggerValue("again", true);
    connected = now;
  });
  observer.observe(app, { attributes: true, attributeFilter: [STATE] });
  return () => observer.disconnect();
}
