// Notes to the script that follows: elements that cannot be seen, among the HTML that the page shows (component.py).
//
// `readNotes` tells what all notes of a name say, in the page's order: now, and whenever one is replaced. It returns a
// function that ends this. A reader (of this name, if none is named) ends the one before it: when the theme changes,
// Streamlit calls a script again, and forgets how the first call is ended.
const readers = new Map();

function readNotes(name, tell, reader = name) {
  readers.get(reader)?.();
  let read = [];
  const look = () => {
    const notes = [...document.querySelectorAll(`[data-note="${name}"]`)];
    if (notes.length === read.length && notes.every((note, i) => note === read[i])) return;
    read = notes;
    tell(notes.map((note) => JSON.parse(note.dataset.told)));
  };
  const observer = new MutationObserver(look);
  look();
  observer.observe(document.body, { childList: true, subtree: true });
  const end = () => observer.disconnect();
  readers.set(reader, end);
  return end;
}

