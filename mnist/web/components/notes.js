// Notes to the script that follows: elements that cannot be seen, among the HTML that the page shows (component.py).
//
// `readNotes` tells what all notes of a name say, in the page's order: now, and whenever one is replaced. It returns a
// function that ends this.
function readNotes(name, tell) {
  let read = [];
  const look = () => {
    const notes = [...document.querySelectorAll(`[data-note="${name}"]`)];
    if (notes.length === read.length && notes.every((note, i) => note === read[i])) return;
    read = notes;
    tell(notes.map((note) => JSON.parse(note.dataset.told)));
  };
  const observer = new MutationObserver(look);
  observer.observe(document.body, { childList: true, subtree: true });
  look();
  return () => observer.disconnect();
}

