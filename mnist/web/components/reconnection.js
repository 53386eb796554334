// Says when the page's connection is lost, and runs the page once it is there again: a server that was restarted, or
// has forgotten a page that slept, does not know the page's parts, and would do nothing when they are used.

const STATE = "data-test-connection-state";
const PATIENCE_MILLISECONDS = 1000; // most connections are back before anybody has to know

let lost = ""; // the sentence
let strip = null;
let timer = null;
let end = null; // of the call before: when the theme changes, Streamlit calls this again, and forgets how that is ended

function show() {
  strip = document.createElement("div");
  strip.className = "lost";
  strip.role = "alert";
  strip.textContent = lost;
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

export default function ({ data, setTriggerValue }) {
  lost = data.lost;
  const app = document.querySelector("[data-testid=stApp]");
  if (!app) return;
  end?.();
  let connected = app.getAttribute(STATE) === "CONNECTED";
  const observer = new MutationObserver(() => {
    const now = app.getAttribute(STATE) === "CONNECTED";
    if (now && !connected) setTriggerValue("again", true);
    connected = now;
    follow(now);
  });
  observer.observe(app, { attributes: true, attributeFilter: [STATE] });
  follow(connected);
  nameMenu();
  const parts = new MutationObserver(() => {
    closeDialog();
    nameMenu();
  });
  parts.observe(document.body, { childList: true, subtree: true }); // the button is another each time the menu closes
  end = () => {
    observer.disconnect();
    parts.disconnect();
    follow(true);
  };
  return end;
}
