// Tames the drawing canvas, which lives in a shadow root inside the container with the key "pad".
//
// Its own toolbar, invisible until hovered, lies over the top right corner and swallows strokes and taps there: it is
// hidden. And it waits 200 ms after a stroke before it hands the drawing over, in which an Undo or Clear would miss
// that stroke: its own "update" button, hidden with the rest, is pressed as soon as the pen is lifted.

const hidden = new CSSStyleSheet();
hidden.replaceSync(".dc-toolbar { display: none !important; }");

const shadowRoots = () =>
  [...document.querySelectorAll(".st-key-pad *")].map((element) => element.shadowRoot).filter((root) => root !== null);

function hideToolbar() {
  for (const root of shadowRoots()) {
    if (!root.adoptedStyleSheets.includes(hidden)) root.adoptedStyleSheets.push(hidden);
  }
}

function handOver() {
  for (const root of shadowRoots()) root.querySelector(".dc-toolbar button[title^='Update']")?.click();
}

export default function () {
  let penDown = false;
  const press = (event) => {
    penDown = event.composedPath().some((element) => element.classList?.contains("dc-container"));
  };
  const lift = () => {
    if (penDown) setTimeout(handOver); // after the canvas itself has seen the event and kept the stroke
    penDown = false;
  };
  // The canvas is rendered after this runs, and anew on a reconnect: a timer would leave a gap.
  const observer = new MutationObserver(() => {
    hideToolbar();
    requestAnimationFrame(hideToolbar);
  });
  observer.observe(document.body, { childList: true, subtree: true });
  hideToolbar();
  const events = { mousedown: press, touchstart: press, mouseup: lift, touchend: lift, touchcancel: lift };
  for (const [name, listener] of Object.entries(events)) window.addEventListener(name, listener, name === "mousedown" || name === "touchstart");
  return () => {
    observer.disconnect();
    for (const [name, listener] of Object.entries(events)) window.removeEventListener(name, listener, name === "mousedown" || name === "touchstart");
  };
}
