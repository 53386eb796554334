// Tames the drawing canvas, which lives in a shadow root inside the container with the key "pad".
//
// It tells a screen reader what it is.
//
// Its own toolbar, invisible until hovered, lies over the top right corner and swallows strokes and taps there: it is
// hidden, and its buttons are pressed from here.
// - "Update", as soon as the pen is lifted: by itself the canvas would wait 200 ms before it tells of a stroke.
// - "Undo" and "Reset", when the page's own Undo and Clear are pressed: they act at once, without asking the server, so
//   that a stroke begun in the next instant is safe. The toolbar knows nothing of what was there before a drawing was
//   loaded; what it cannot do is left to the server.

const LABEL = "Pad: draw with mouse, finger or pen. The first page also has ready drawings to choose.";
const hidden = new CSSStyleSheet();
hidden.replaceSync(".dc-toolbar { display: none !important; }");

let startsBlank = true; // whether Reset empties the canvas: nothing was loaded into it
let loading = false; // a drawing is on its way from the server: what is on the canvas no longer counts
let penDown = false;

const shadowRoots = () =>
  [...document.querySelectorAll(".st-key-pad *")].map((element) => element.shadowRoot).filter((root) => root !== null);

function toolbarButton(name) {
  for (const root of shadowRoots()) {
    const button = root.querySelector(`.dc-toolbar button[title^="${name}"]`);
    if (button && !button.disabled) return button;
  }
  return null;
}

function tame() {
  for (const root of shadowRoots()) {
    if (!root.adoptedStyleSheets.includes(hidden)) root.adoptedStyleSheets.push(hidden);
    if (root.host.closest(".st-key-tame")) continue;
    root.host.role = "img";
    root.host.ariaLabel = LABEL;
  }
}

// The canvas appears after this script, and anew after a reconnect: a timer would leave a gap.
const observer = new MutationObserver(() => {
  tame();
  requestAnimationFrame(tame);
});

function press(event) {
  penDown = event.composedPath().some((element) => element.classList?.contains("dc-container"));
}

function lift() {
  if (penDown) setTimeout(() => toolbarButton("Update")?.click()); // after the canvas itself has kept the stroke
  penDown = false;
}

function act(event, command) {
  if (loading) return;
  const button = command === "undo" ? toolbarButton("Undo") : startsBlank ? toolbarButton("Reset") : null;
  if (!button) return;
  event.stopImmediatePropagation();
  event.preventDefault();
  button.click();
}

function click(event) {
  if (event.target.closest?.(".st-key-samples button, .st-key-mode button, .st-key-done button")) loading = true;
  for (const command of ["undo", "clear"]) {
    if (event.target.closest?.(`.st-key-${command} button`)) act(event, command);
  }
}

function keydown(event) {
  if (event.target.closest?.("input, textarea")) return;
  if ((event.ctrlKey || event.metaKey) && !event.shiftKey && event.key.toLowerCase() === "z") act(event, "undo");
  if (event.key === "Delete") act(event, "clear");
}

function change(event) {
  if (event.target.type === "file") loading = true;
}

const CAPTURED = { mousedown: press, touchstart: press, click, change, keydown }; // before anyone else sees the event
const BUBBLED = { mouseup: lift, touchend: lift, touchcancel: lift }; // after the canvas has seen it

export default function ({ data }) {
  startsBlank = data.starts_blank;
  loading = false;
  tame();
  observer.observe(document.body, { childList: true, subtree: true });
  for (const [name, listener] of Object.entries(CAPTURED)) window.addEventListener(name, listener, true);
  for (const [name, listener] of Object.entries(BUBBLED)) window.addEventListener(name, listener);
  return () => {
    observer.disconnect();
    for (const [name, listener] of Object.entries(CAPTURED)) window.removeEventListener(name, listener, true);
    for (const [name, listener] of Object.entries(BUBBLED)) window.removeEventListener(name, listener);
  };
}
