// A table of numbers, each a button; the more there are in a cell, the stronger its colour.

function build(table, rows, columns) {
  table.replaceChildren();
  table.createCaption();
  const head = table.createTHead().insertRow();
  const body = table.createTBody();
  for (const row of [head, ...Array.from({ length: rows }, () => body.insertRow())]) {
    row.append(document.createElement("th"));
    for (let column = 0; column < columns; column += 1) {
      row.append(document.createElement(row === head ? "th" : "td"));
      if (row !== head) row.lastChild.append(document.createElement("button"));
    }
  }
}

export default function ({ data, parentElement, setStateValue }) {
  const { counts, columns, chosen } = data;
  const table = parentElement.querySelector("table");
  if (table.rows[0]?.cells.length !== columns.length + 1) build(table, counts.length, columns.length);
  table.caption.textContent = "Rows: the digit that was meant. Columns: what was read.";
  columns.forEach((name, column) => (table.tHead.rows[0].cells[column + 1].textContent = name === "none" ? "–" : name));
  counts.forEach((row, digit) => {
    const cells = table.tBodies[0].rows[digit].cells;
    const most = Math.max(1, ...row);
    cells[0].textContent = digit;
    row.forEach((count, column) => {
      const number = digit * columns.length + column;
      const button = cells[column + 1].firstChild;
      const read = columns[column] === "none" ? "no digit" : columns[column];
      button.type = "button";
      button.textContent = count || "·";
      button.ariaLabel = `${digit} read as ${read}: ${count}`;
      button.ariaPressed = number === chosen;
      button.className = !count ? "none" : digit === column ? "right" : "wrong";
      button.style.setProperty("--share", `${Math.round(100 * Math.sqrt(count / most))}%`);
      button.onclick = () => setStateValue("chosen", number);
    });
  });
}
