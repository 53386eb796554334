// Keeps one element while the page runs again, and says in it what is new of what the page's notes announce.

let announced = [];

export default function ({ parentElement }) {
  const region = parentElement.querySelector("[role=status]");
  return readNotes("announced", (sentences) => {
    const fresh = sentences.filter((sentence) => sentence && !announced.includes(sentence));
    announced = sentences;
    if (fresh.length) region.textContent = fresh.join(" ");
  });
}
