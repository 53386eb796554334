// Keeps one element while the page runs again, and says in it what is new of what the page's notes announce.

const announced = new WeakMap(); // by region: what the page's notes said when they were last read

export default function ({ parentElement }) {
  const region = parentElement.querySelector("[role=status]");
  return readNotes("announced", (notes) => {
    const before = announced.get(region) ?? [];
    // while a run replaces a note, it may be there twice
    const fresh = notes.filter(([of, sentence]) => sentence && !before.some((old) => old[0] === of && old[1] === sentence));
    announced.set(region, notes);
    if (fresh.length) region.textContent = fresh.map(([, sentence]) => sentence).join(" ");
  });
}
