// Keeps one thing of this tab in the browser, so that a reload, a phone that slept or another server finds it again.
//
// A session that is new asks for it first; nothing is overwritten before it has been told what was there. Nothing is
// kept where the browser allows nothing to be kept.

const PREFIX = "mnist-draw ";

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

export default function ({ data, setTriggerValue }) {
  if (data.forget) {
    sessionStorage.clear();
    window.location.replace(window.location.pathname); // history keeps no address that holds a drawing
  } else if (data.asks) {
    const value = kept(data.name);
    if (value !== null) setTriggerValue("found", value);
  } else {
    keep(data.name, data.value);
  }
}
