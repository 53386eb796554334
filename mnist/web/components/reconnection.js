// Says when the page's connection is lost, and runs the page once it is there again: a server that was restarted, or
// has forgotten a page that slept, does not know the page's parts, and would do nothing when they are used.

const STATE = "data-test-connection-state";
const LOST = "Connection lost. Your drawing is kept. Trying again.";
const PATIENCE_MILLISECONDS = 1000; // most connections are back before anybody has to know

let strip = null;
let timer = null;

function show() {
  strip = document.createElement("div");
  strip.className = "lost";
  strip.role = "alert";
  strip.textContent = LOST;
  document.body.append(strip);
}

function follow(connected) {
  clearTimeout(timer);
  if (connected) {
    strip?.remove();
    strip = null;
  } else if (!strip) {
    timer = setTimeout(show, PATIENCE_MILLISECONDS);
  }
}

// Streamlit's own dialog lies over the pad and says what nobody here can do.
function closeDialog() {
  for (const dialog of document.querySelectorAll("[role=dialog]"))
    if (dialog.querySelector("h2")?.textContent === "Connection error") {
      dialog.classList.add("closing");
      dialog.querySelector("[aria-label=Close]")?.click();
    }
}

// The button of a phone's menu is named as it looks (static/look.css).
function nameMenu() {
  document.querySelector("[data-testid=stExpandSidebarButton]")?.setAttribute("aria-label", "Menu");
}

export default function ({ setTriggerValue }) {
  const app = document.querySelector("[data-testid=stApp]");
  if (!app) return;
  let connected = app.getAttribute(STATE) === "CONNECTED";
  const observer = new MutationObserver(() => {
    const now = app.getAttribute(STATE) === "CONNECTED";
    if (now && !connected) setTriggerValue("again", true);
    connected = now;
    follow(now);
  });
  observer.observe(app, { attributes: true, attributeFilter: [STATE] });
  nameMenu();
  const dialogs = new MutationObserver(() => {
    closeDialog();
    nameMenu();
  });
  dialogs.observe(document.body, { childList: true });
  return () => {
    observer.disconnect();
    dialogs.disconnect();
    follow(true);
  };
}
