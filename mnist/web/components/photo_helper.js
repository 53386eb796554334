// Gives pasted pictures to the uploader, and describes the canvas for boxes to screen readers. Reports to the page
// whether the browser allows a camera, the tab's word, and why a picture did not arrive (Streamlit shows only a code then).

const UPLOADER = ".st-key-files";
const TAB = "mnist-draw tab"; // forgotten with all that tab_memory.js keeps
// the toolbar's buttons are too small for fingers, and only the last box counts anyway
const hiddenToolbar = new CSSStyleSheet();
hiddenToolbar.replaceSync(".dc-toolbar { display: none !important; }");
let end = null; // of the call before: when the theme changes, Streamlit calls this again, and forgets how that is ended

function paste(event) {
  const files = [...(event.clipboardData?.files ?? [])];
  const input = document.querySelector(`${UPLOADER} input[type=file]`);
  if (files.length === 0 || !input) return;
  const pasted = new DataTransfer();
  for (const file of files) pasted.items.add(file);
  input.files = pasted.files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
  event.preventDefault();
}

// "full" if the server had no room or no time for a picture (mnist/web/server/upload_limits.py), "lost" if it did not
// arrive for another reason, "" if all arrived
function uploadFailure() {
  const alerts = [...document.querySelectorAll(`${UPLOADER} [role=alert]`)].map((alert) => alert.textContent);
  if (alerts.some((text) => /AxiosError.* (408|413)\b/.test(text))) return "full";
  return alerts.some((text) => text.includes("AxiosError")) ? "lost" : "";
}

// a word that this tab keeps when it is reloaded, so that its pictures are found again; none where nothing may be kept
function wordOfTab() {
  try {
    const word = sessionStorage.getItem(TAB) ?? crypto.getRandomValues(new Uint32Array(4)).join("-");
    sessionStorage.setItem(TAB, word);
    return word;
  } catch {
    return null;
  }
}

function adaptCanvases() {
  for (const element of document.querySelectorAll("[class*=st-key-boxing_] *")) {
    const root = element.shadowRoot;
    if (!root) continue;
    Object.assign(element, { role: "group", ariaLabel: "The picture: draw a box around one digit" });
    if (!root.adoptedStyleSheets.includes(hiddenToolbar)) root.adoptedStyleSheets.push(hiddenToolbar);
  }
}

export default function ({ setStateValue }) {
  end?.();
  setStateValue("secure", window.isSecureContext && navigator.mediaDevices !== undefined);
  setStateValue("tab", wordOfTab());
  window.addEventListener("paste", paste);
  let reported = "";
  const observer = new MutationObserver(() => {
    adaptCanvases();
    const failure = uploadFailure();
    if (failure === reported) return;
    reported = failure;
    setStateValue("failure", reported);
  });
  observer.observe(document.body, { childList: true, subtree: true });
  end = () => {
    window.removeEventListener("paste", paste);
    observer.disconnect();
  };
  return end;
}
