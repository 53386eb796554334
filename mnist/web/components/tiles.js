// Pictures to choose from, cut from one large picture: a button for each, so that keys and screen readers reach them.

export default function ({ data, parentElement, setStateValue }) {
  const { sprite, columns, rows, numbers, names, marks, chosen } = data;
  const list = parentElement.querySelector(".tiles");
  while (list.children.length > names.length) list.lastChild.remove();
  while (list.children.length < names.length) list.append(document.createElement("button"));
  list.style.setProperty("--sprite", `url("${sprite}")`); // once: it is as large as all tiles together
  const place = (index, count) => `${(100 * index) / Math.max(count - 1, 1)}%`;
  names.forEach((name, index) => {
    const tile = list.children[index];
    tile.type = "button";
    tile.title = name;
    tile.setAttribute("aria-label", name); // without it the mark would be the name
    tile.setAttribute("aria-pressed", numbers[index] === chosen);
    tile.dataset.mark = marks[index];
    tile.style.backgroundSize = `${columns * 100}% ${rows * 100}%`;
    tile.style.backgroundPosition = `${place(index % columns, columns)} ${place(Math.floor(index / columns), rows)}`;
    tile.onclick = () => setStateValue("chosen", numbers[index]);
  });
}
