// Adapts the drawing canvas, which lives in a shadow root inside the container with the key "pad". The page's notes tell
// what was loaded into it.
//
// It describes the canvas to screen readers.
//
// It hides the canvas's own toolbar, which is invisible until the pointer is over it, lies over the top right corner
// and swallows strokes and taps there. This script presses the toolbar's buttons instead:
// - "Update" as soon as the pen is lifted: by itself the canvas would wait 200 ms before it reports a stroke.
// - "Undo" and "Reset" when the page's own Undo and Clear are pressed: they act at once, without asking the server, so
//   that a stroke begun in the next instant is safe. The toolbar cannot undo what was there before a drawing was
//   loaded; the server does that.

const LABEL = "Pad: draw with mouse, finger or pen. The first page also has ready drawings to choose.";
const hiddenToolbar = new CSSStyleSheet();
hiddenToolbar.replaceSync(".dc-toolbar { display: none !important; }");

const PATIENCE_MILLISECONDS = 3000; // with a command that may load nothing
let revision = null; // of the drawing that was loaded last
let startsBlank = true; // nothing was loaded into the canvas, so Reset empties it
let loadingUntil = 0; // a drawing is on its way from the server, so what is on the canvas no longer counts; or none is
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

function adaptCanvases() {
  for (const root of shadowRoots()) {
    if (!root.adoptedStyleSheets.includes(hiddenToolbar)) root.adoptedStyleSheets.push(hiddenToolbar);
    root.host.role = "img";
    root.host.ariaLabel = LABEL;
  }
}

// The canvas appears after this script, and again after a reconnect. A timer would leave a gap.
const observer = new MutationObserver(() => {
  adaptCanvases();
  requestAnimationFrame(adaptCanvases);
});

function pressPen(event) {
  penDown = event.composedPath().some((element) => element.classList?.contains("dc-container"));
}

function liftPen() {
  if (penDown) setTimeout(() => toolbarButton("Update")?.click()); // after the canvas has stored the stroke
  penDown = false;
}

function actInBrowser(event, command) {
  if (performance.now() < loadingUntil) return;
  const button = command === "undo" ? toolbarButton("Undo") : startsBlank ? toolbarButton("Reset") : null;
  if (!button) return;
  button.click();
  if (command === "clear") return; // the server is told as well: it keeps what was there for Undo
  event.stopImmediatePropagation();
  event.preventDefault();
}

function awaitDrawing() {
  loadingUntil = performance.now() + PATIENCE_MILLISECONDS;
}

function handleClick(event) {
  if (event.target.closest?.(".st-key-samples button, .st-key-done button, .st-key-redo button"))
    awaitDrawing();
  for (const command of ["undo", "clear"]) {
    if (event.target.closest?.(`.st-key-${command} button`)) actInBrowser(event, command);
  }
}

function handleKey(event) {
  if (event.target.closest?.("input, textarea")) return;
  if ((event.ctrlKey || event.metaKey) && !event.shiftKey && event.key.toLowerCase() === "z")
    actInBrowser(event, "undo");
  if (event.key === "Delete") actInBrowser(event, "clear");
}

function handleChange(event) {
  if (event.target.type === "file") awaitDrawing();
}

// before anyone else sees the event
const CAPTURED = {
  mousedown: pressPen,
  touchstart: pressPen,
  click: handleClick,
  change: handleChange,
  keydown: handleKey,
};
const BUBBLED = { mouseup: liftPen, touchend: liftPen, touchcancel: liftPen }; // after the canvas has seen it

function load(notes) {
  const note = notes.at(-1);
  if (!note || note.revision === revision) return;
  revision = note.revision;
  startsBlank = note.blank;
  loadingUntil = 0;
}

export default function () {
  revision = null;
  const stopReading = readNotes("loaded", load, "canvas");
  adaptCanvases();
  observer.observe(document.body, { childList: true, subtree: true });
  for (const [name, listener] of Object.entries(CAPTURED)) window.addEventListener(name, listener, true);
  for (const [name, listener] of Object.entries(BUBBLED)) window.addEventListener(name, listener);
  return () => {
    stopReading();
    observer.disconnect();
    for (const [name, listener] of Object.entries(CAPTURED)) window.removeEventListener(name, listener, true);
    for (const [name, listener] of Object.entries(BUBBLED)) window.removeEventListener(name, listener);
  };
}
