// Shows the page on the whole screen; Escape ends it, as browsers have it. Where a browser cannot, as on most phones,
// there is no button (static/look.css).

const BUTTON = ".st-key-projector button";

function handleClick(event) {
  if (!event.target.closest?.(BUTTON)) return;
  event.stopImmediatePropagation(); // a run of the page would drop what its fragments have not sent
  document.documentElement.requestFullscreen();
}

export default function () {
  document.documentElement.classList.toggle("no-fullscreen", !document.fullscreenEnabled);
  window.addEventListener("click", handleClick, true);
  return () => {
    window.removeEventListener("click", handleClick, true);
    if (document.fullscreenElement) document.exitFullscreen();
  };
}
