// Keeps one element while the page runs again, and says in it what is new of what the page's notes announce.

const announced = new WeakMap(); // by region: the sentences of the page's notes when they were last read

// Each old sentence takes away one like it: two notes of one picture may come to say the same again.
function fresh(sentences, before) {
  const old = [...before];
  return sentences.filter((sentence) => {
    const at = old.indexOf(sentence);
    if (at >= 0) old.splice(at, 1);
    return sentence && at < 0;
  });
}

export default function ({ parentElement }) {
  const region = parentElement.querySelector("[role=status]");
  return readNotes("announced", (sentences) => {
    const said = fresh(sentences, announced.get(region) ?? []);
    announced.set(region, sentences);
    if (said.length) region.textContent = said.join(" ");
  });
}
