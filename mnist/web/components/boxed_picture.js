// A picture with boxes on it. Those that have a name are buttons, one of which is chosen, and let go by a second press.
// Tab reaches one of them, the arrow keys move to the others; unlike in a usual radio group they choose none.

const STEPS = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 };

function makeReachable(buttons, reachable) {
  buttons.forEach((button, number) => (button.tabIndex = number === reachable ? 0 : -1));
}

function moveFocus(event, buttons) {
  if (!(event.key in STEPS) || event.altKey || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  const number = buttons.indexOf(event.target) + STEPS[event.key];
  buttons[(number + buttons.length) % buttons.length].focus();
}

function place(part, [x, y, boxWidth, boxHeight], [width, height]) {
  part.style.left = `${(100 * (x + boxWidth / 2)) / width}%`;
  part.style.top = `${(100 * (y + boxHeight / 2)) / height}%`;
  part.style.width = `${(100 * boxWidth) / width}%`;
  part.style.height = `${(100 * boxHeight) / height}%`;
}

function draw({ box, kind, name, character, thin }, size) {
  const part = document.createElement(name ? "button" : "i");
  part.style.setProperty("--box", `var(--box-${kind})`);
  place(part, box, size);
  part.classList.add(kind);
  part.classList.toggle("thin", thin);
  if (name) {
    part.type = "button";
    part.role = "radio";
    part.ariaLabel = name;
    part.ariaChecked = false;
    part.append(document.createElement("b"));
    part.firstChild.textContent = character;
    part.firstChild.className = 12 * box[1] < size[1] ? "inside" : ""; // above the picture it would lie on a sentence
  }
  return part;
}

export default function ({ data, parentElement, setStateValue }) {
  const { picture, size, boxes, name, version } = data;
  const frame = parentElement.querySelector(".picture");
  const [image, group] = frame.children;
  if (image.src !== picture) image.src = picture;
  image.alt = `${name} with its boxes`;
  frame.style.setProperty("--ratio", size[0] / size[1]);
  if (group.dataset.shown === JSON.stringify([boxes, version])) return; // what is chosen stays, and so does the focus
  group.dataset.shown = JSON.stringify([boxes, version]);
  group.replaceChildren(...boxes.map((box) => draw(box, size)));
  const buttons = [...group.querySelectorAll("button")];
  group.role = buttons.length ? "radiogroup" : null;
  group.ariaLabel = buttons.length ? `The digits in ${name}: choose one that is wrong` : null;
  makeReachable(buttons, 0);
  buttons.forEach((button, number) => {
    button.onfocus = () => makeReachable(buttons, number);
    button.onkeydown = (event) => moveFocus(event, buttons);
    button.onclick = () => {
      const chosen = button.ariaChecked !== "true";
      for (const each of buttons) each.ariaChecked = each === button && chosen;
      setStateValue("chosen", chosen ? [version, number] : null);
    };
  });
}
