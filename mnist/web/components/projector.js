// Shows the page on the whole screen: the button, or F; Escape ends it, as browsers have it. Where a browser cannot,
// as on most phones, there is no button (static/look.css).

const BUTTON = ".st-key-projector button";

function toggle() {
  if (document.fullscreenElement) document.exitFullscreen();
  else document.documentElement.requestFullscreen?.();
}

function handleKey(event) {
  const typing = event.target.closest?.("input, textarea, [role=dialog]");
  if (typing || event.ctrlKey || event.metaKey || event.altKey || event.key.toLowerCase() !== "f") return;
  toggle();
}

function handleClick(event) {
  if (!event.target.closest?.(BUTTON)) return;
  event.stopImmediatePropagation(); // a run of the page would drop what its fragments have not sent
  toggle();
}

export default function () {
  document.documentElement.classList.toggle("no-fullscreen", !document.fullscreenEnabled);
  const listeners = { keydown: handleKey, click: handleClick };
  for (const [name, listener] of Object.entries(listeners)) window.addEventListener(name, listener, true);
  return () => {
    for (const [name, listener] of Object.entries(listeners)) window.removeEventListener(name, listener, true);
    if (document.fullscreenElement) document.exitFullscreen();
  };
}
