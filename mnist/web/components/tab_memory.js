// Keeps one thing of this tab in the browser, so that a reload, a phone that slept or another server finds it again. The
// page's notes say what.
//
// A session that is new, and has nothing itself, is told of what is there; until then nothing is overwritten. Nothing is
// kept where the browser allows nothing to be kept.
//
// While one can draw on the front page's pad (static/early_pad.js), all waits for what is drawn there. A session is told
// of that even if it has something itself: what was drawn on the page's own pad in the meantime.

const PREFIX = "mnist-draw ";

const told = new Map(); // by name of a thing: the session that was told of it
let waiting = null; // for the front page's pad: what the drawing page's note says meanwhile

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
  try {
    for (const key of Object.keys(sessionStorage)) if (key.startsWith(PREFIX)) sessionStorage.removeItem(key);
  } catch {
    // nothing may be kept here, so nothing was
  }
  // history keeps no address that holds a drawing: not this one, and none ahead; those before hold none (front_page.html)
  history.replaceState(null, "", location.pathname);
  History.prototype.pushState.call(history, null, "", location.pathname);
  location.replace(location.pathname);
}

function remember({ name, value, session, forgets }, setTriggerValue) {
  if (forgets) return forget();
  const isNew = told.get(name) !== session;
  told.set(name, session);
  const before = isNew ? kept(name) : null;
  const early = before?.early === performance.timeOrigin; // not of an earlier load of the page
  if (early) setTriggerValue("found", { ...before, early });
  else if (before !== null && value === null) setTriggerValue("found", before);
  else keep(name, value);
}

function take(note, setTriggerValue) {
  const front = document.querySelector(".outline.pad");
  if (front && !front.classList.contains("handed-over")) {
    if (!waiting) front.addEventListener("handed-over", () => remember(waiting, setTriggerValue), { once: true });
    waiting = note;
    return;
  }
  remember(note, setTriggerValue);
  if (note.value !== null) front?.remove(); // it is on the page's own pad now
}

export default function ({ data: name, setTriggerValue }) {
  const tell = (notes) => {
    const note = notes.find((each) => each.name === name);
    if (note) take(note, setTriggerValue);
  };
  return readNotes("kept", tell, name);
}
