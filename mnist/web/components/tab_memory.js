// Keeps one thing of this tab in the browser, so that a reload, a phone that slept or another server finds it again. The
// page's notes say what.
//
// A session that is new, and has nothing itself, is told of what is there; until then nothing is overwritten. Nothing is
// kept where the browser allows nothing to be kept.
//
// While one can draw on the front page's pad (static/early_pad.js), that pad keeps what is drawn, and says when the
// session is told of it.

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
  const before = isNew && value === null ? kept(name) : null;
  if (before !== null) setTriggerValue("found", before);
  else keep(name, value);
}

function take(note, setTriggerValue) {
  const front = document.querySelector(".outline.pad");
  if (!front) return remember(note, setTriggerValue);
  const { name, value, session } = note;
  told.set(name, session);
  const give = (drawing) => setTriggerValue("found", drawing);
  front.dispatchEvent(new CustomEvent("told", { detail: { give, value, session } }));
}

export default function ({ data: name, setTriggerValue }) {
  const tell = (notes) => {
    const note = notes.find((each) => each.name === name);
    if (note) take(note, setTriggerValue);
  };
  return readNotes("kept", tell, name);
}
