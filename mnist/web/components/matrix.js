// A table of numbers, each a button; the larger the number, the stronger its colour. Tab reaches one button, the arrow
// keys move to the others (W3C, ARIA Authoring Practices, "Grid").

const ARROWS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

function build(table, rows, columns) {
  table.replaceChildren();
  table.createCaption();
  table.role = "grid";
  table.addEventListener("keydown", moveFocus);
  table.addEventListener("focusin", (event) => makeReachable(table, event.target));
  const head = table.createTHead().insertRow();
  const body = table.createTBody();
  for (const row of [head, ...Array.from({ length: rows }, () => body.insertRow())]) {
    row.append(document.createElement(row === head ? "td" : "th"));
    for (let column = 0; column < columns; column += 1) {
      row.append(document.createElement(row === head ? "th" : "td"));
      if (row !== head) row.lastChild.append(document.createElement("button"));
    }
  }
  makeReachable(table, table.querySelector("button"));
}

function makeReachable(table, button) {
  for (const each of table.querySelectorAll("button")) each.tabIndex = each === button ? 0 : -1;
}

function moveFocus(event) {
  if (!(event.key in ARROWS) || event.altKey || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  const [down, right] = ARROWS[event.key];
  const cell = event.target.parentNode;
  const row = cell.parentNode.parentNode.rows[cell.parentNode.sectionRowIndex + down];
  row?.cells[cell.cellIndex + right]?.querySelector("button")?.focus();
}

const HEADS = { several: "…", none: "–" };
const EXPLAINED = { several: "several digits", none: "not read: “no digit”" };

export default function ({ data, parentElement, setStateValue }) {
  const { counts, columns, chosen } = data;
  const table = parentElement.querySelector("table");
  if (table.rows[0]?.cells.length !== columns.length + 1) build(table, counts.length, columns.length);
  const explained = columns.filter((name) => name in HEADS).map((name) => `${HEADS[name]} is ${EXPLAINED[name]}`);
  table.caption.textContent = `Rows: the digit that was meant. Columns: what was read; ${explained.join(", ")}.`;
  columns.forEach((name, column) => (table.tHead.rows[0].cells[column + 1].textContent = HEADS[name] ?? name));
  counts.forEach((row, digit) => {
    const cells = table.tBodies[0].rows[digit].cells;
    const most = Math.max(1, ...row);
    cells[0].textContent = digit;
    row.forEach((count, column) => {
      const number = digit * columns.length + column;
      const button = cells[column + 1].firstChild;
      const name = columns[column];
      const read = name === "none" ? "not read" : `read as ${EXPLAINED[name] ?? name}`;
      button.type = "button";
      button.textContent = count || "·";
      button.ariaLabel = `${digit} ${read}: ${count}`;
      button.ariaPressed = number === chosen;
      button.className = !count ? "none" : digit === column ? "right" : "wrong";
      button.style.setProperty("--share", `${Math.round(100 * Math.sqrt(count / most))}%`);
      button.onclick = () => setStateValue("chosen", number);
    });
  });
}
