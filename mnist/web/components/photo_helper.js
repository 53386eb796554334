// Puts a pasted picture into the uploader, tells a screen reader what a box is drawn on, and tells the page whether the
// browser lets it use a camera and whether the server refused a picture, of which Streamlit says no more than a code.

const FILES = ".st-key-files";
const hidden = new CSSStyleSheet();
hidden.replaceSync(".dc-toolbar { display: none !important; }"); // too small for fingers, and the last box counts anyway

function paste(event) {
  const files = [...(event.clipboardData?.files ?? [])];
  const input = document.querySelector(`${FILES} input[type=file]`);
  if (files.length === 0 || !input) return;
  const pasted = new DataTransfer();
  for (const file of files) pasted.items.add(file);
  input.files = pasted.files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
  event.preventDefault();
}

function refused() {
  return [...document.querySelectorAll(`${FILES} [role=alert]`)].some((alert) => alert.textContent.includes("AxiosError"));
}

function tameCanvases() {
  for (const element of document.querySelectorAll("[class*=st-key-boxing_] *")) {
    const root = element.shadowRoot;
    if (!root) continue;
    Object.assign(element, { role: "group", ariaLabel: "The picture: draw a box around one digit" });
    if (!root.adoptedStyleSheets.includes(hidden)) root.adoptedStyleSheets.push(hidden);
  }
}

export default function ({ setStateValue }) {
  setStateValue("secure", window.isSecureContext && navigator.mediaDevices !== undefined);
  window.addEventListener("paste", paste);
  let told = false;
  const watch = new MutationObserver(() => {
    tameCanvases();
    if (refused() !== told) setStateValue("refused", (told = !told));
  });
  watch.observe(document.body, { childList: true, subtree: true });
  return () => {
    window.removeEventListener("paste", paste);
    watch.disconnect();
  };
}
