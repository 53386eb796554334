// Pictures to choose from: cut from one large picture, a button for each, so that keys and screen readers reach them.

export default function ({ data, parentElement, setStateValue }) {
  const { sprite, columns, rows, names, chosen } = data;
  const list = parentElement.querySelector(".tiles");
  while (list.children.length > names.length) list.lastChild.remove();
  while (list.children.length < names.length) list.append(document.createElement("button"));
  const place = (index, count) => `${(100 * index) / Math.max(count - 1, 1)}%`;
  names.forEach((name, number) => {
    const tile = list.children[number];
    tile.type = "button";
    tile.title = name;
    tile.setAttribute("aria-pressed", number === chosen);
    tile.style.backgroundImage = `url("${sprite}")`;
    tile.style.backgroundSize = `${columns * 100}% ${rows * 100}%`;
    tile.style.backgroundPosition = `${place(number % columns, columns)} ${place(Math.floor(number / columns), rows)}`;
    tile.onclick = () => setStateValue("chosen", number);
  });
}
