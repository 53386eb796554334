// Keeps one thing of this tab in the browser, so that a reload, a phone that slept or another server finds it again.
//
// A session that is new, and has nothing itself, is told of what is there; until then nothing is overwritten. Nothing is
// kept where the browser allows nothing to be kept.
//
// While one can draw on the front page's pad (static/early_pad.js), all waits for what is drawn there.

const PREFIX = "mnist-draw ";

const told = new Map(); // by name of a thing: the session that was told of it

function kept(name) {
  try {
    return JSON.parse(sessionStorage.getItem(PREFIX + name));
  } catch {
    return null;
  }
}

function keep(name, value) {
  try {
    if (value === null) sessionStorage.removeItem(PREFIX + name);
    else sessionStorage.setItem(PREFIX + name, JSON.stringify(value));
  } catch {
    // there is no room for it, or none for anything: what was kept before is older, but better than nothing
  }
}

function forget() {
  for (const key of Object.keys(sessionStorage)) if (key.startsWith(PREFIX)) sessionStorage.removeItem(key);
  window.location.replace(window.location.pathname); // history keeps no address that holds a drawing
}

function remember({ data: { name, value, session, forgets }, setTriggerValue }) {
  if (forgets) return forget();
  const isNew = told.get(name) !== session;
  told.set(name, session);
  const before = isNew ? kept(name) : null;
  const found = value === null || before?.early ? before : null;
  if (found === null) keep(name, value);
  else setTriggerValue("found", found);
}

export default function (component) {
  const early = document.querySelector(".outline.pad");
  if (early && !early.classList.contains("handed-over"))
    return early.addEventListener("handed-over", () => remember(component), { once: true });
  remember(component);
  if (component.data.value !== null) early?.remove(); // it is on the page's own pad now
}
