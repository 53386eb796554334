// Shows what a drawing looks like while the pen still moves.
//
// While the pen is down, the drawing goes to the server (server/guess_api.py) as it grows: the next request is made
// when the last is answered, at most 15 a second. What comes back is shown in place of the guess, the sentence, the
// bars or rows, and the boxes, on copies: the page's own elements are hidden behind them and stay as they are, and come
// back when the run that reads the lifted pen has changed them. Screen readers are not told: the copies are hidden from
// them, and the announcement is made by that run.

const PAD_HEIGHT = 280; // pixels
const INTERVAL_MILLISECONDS = 1000 / 15; // between two requests
const SILENT_MILLISECONDS = 500; // of a drawing's beginning: nothing is said about it yet
const BUSY_MILLISECONDS = 1000; // until the next request to a server that had no time
const PLACES = {
  guess: ".st-key-reading .guess",
  sentence: ".st-key-reading .sentence",
  rows: ".st-key-reading .bars",
  boxes: ".st-key-slate .boxes",
};

let data = null; // of the last note: the strokes on the pad, its width and the pen's
let stroke = null; // what the pen draws: the canvas, its x and y, one after the other, and when it began
let settled = true; // the server has told of the last stroke
let request = null; // what stops the request under way
let candidate = null; // the guess of the last answer
let shown = null; // the guess that is shown
let copies = new Map(); // by name of the place: the page's own element, and the copy in front of it

// The canvas draws with the first finger that touches it, and ends the stroke when no finger is left.
const pointerOf = (event) =>
  event.changedTouches
    ? [...event.changedTouches].find((touch) => !stroke?.finger || touch.identifier === stroke.finger.identifier)
    : event;

function point({ clientX, clientY }) {
  const { left, top, width, height } = stroke.canvas.getBoundingClientRect();
  return [((clientX - left) * data.width) / width, ((clientY - top) * PAD_HEIGHT) / height].map(Math.round);
}

function pressPen(event) {
  if (stroke || event.button) return; // the canvas draws with the main button alone
  const canvas = event.composedPath().find((element) => element.classList?.contains("upper-canvas"));
  if (!canvas?.getRootNode().host?.closest(".st-key-pad") || !data?.numbers) return;
  stroke = { canvas, finger: event.changedTouches?.[0], points: [], began: performance.now(), sent: 0 };
  hint(false);
  begin();
  movePen(event);
  ask(stroke);
}

function movePen(event) {
  if (event.type === "mousemove" && !event.buttons) return liftPen(event); // a menu has swallowed the lifting
  const pointer = stroke && pointerOf(event);
  if (pointer) stroke.points.push(point(pointer));
}

function liftPen(event) {
  if (!stroke || event.touches?.length) return;
  stroke = null;
  request?.abort();
  settled = event.type === "touchcancel"; // the canvas keeps nothing of a stroke that the system ends: no run follows
  if (settled) takeBack();
}

// Start from the guess that the page itself shows of the strokes that are on the pad.
function begin() {
  candidate = null;
  shown = data.numbers.length ? document.querySelector(PLACES.guess)?.textContent : null;
}

// The drawing as whole numbers, as reading/address.py describes them.
function drawing(points) {
  const steps = points.flatMap(([x, y], i) => (i ? [x - points[i - 1][0], y - points[i - 1][1]] : [x, y]));
  return Int16Array.from([...data.numbers, points.length, data.pen, ...steps]);
}

async function ask(asked) {
  const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
  while (asked === stroke) {
    const began = performance.now();
    let pause = INTERVAL_MILLISECONDS;
    if (settled && asked.points.length > asked.sent) {
      asked.sent = asked.points.length;
      request = new AbortController();
      try {
        const body = drawing(asked.points);
        const { signal } = request;
        const answer = await fetch("guess", { method: "POST", body, signal });
        if (answer.ok) take(await answer.json(), asked);
        else if (answer.status === 503) pause = BUSY_MILLISECONDS;
        else return; // the drawing is too large: it is read when the pen is lifted
      } catch {
        return; // the pen was lifted, or the server is gone, and the page says so
      }
    }
    await wait(Math.max(0, pause - (performance.now() - began)));
  }
}

// A guess that is new has to come twice before it takes the place of another.
function take(answer, asked) {
  if (asked !== stroke || !answer.guess) return;
  const again = answer.guess === candidate || answer.guess === shown;
  candidate = answer.guess;
  const silent = !data.numbers.length && performance.now() - asked.began < SILENT_MILLISECONDS;
  if (!again || silent) return;
  shown = answer.guess;
  for (const [name, selector] of Object.entries(PLACES)) show(name, document.querySelector(selector), answer[name]);
}

function show(name, own, content) {
  if (!own) return;
  let copy = copies.get(name)?.copy;
  if (!copy?.isConnected) {
    copy = own.cloneNode(true);
    copy.classList.add("passing");
    copy.ariaHidden = "true";
    own.after(copy);
    own.hidden = true;
    copies.set(name, { own, copy });
  }
  if (name === "guess") copy.style.setProperty("--length", Math.max(...content.split("\n").map((line) => line.length)));
  if (name === "guess" || name === "sentence") copy.textContent = content;
  else fill(copy, content);
}

// Where the bars stay, they are changed and not replaced, so that they glide.
function fill(copy, content) {
  const template = document.createElement("template");
  template.innerHTML = content;
  const changed = template.content.firstElementChild;
  const same = changed?.matches(".bars") && copy.children.length === changed.children.length;
  copy.classList.toggle("digits", changed?.classList.contains("digits"));
  if (same) [...changed.children].forEach((row, i) => glide(copy.children[i], row));
  else copy.replaceChildren(...(changed?.childNodes ?? []));
}

function glide(row, changed) {
  row.className = changed.className;
  for (const part of ["b", "span", "em", "s"]) {
    const [old, now] = [row.querySelector(part), changed.querySelector(part)];
    if (!old || !now) continue;
    if (part === "s") old.style.width = now.style.width;
    else old.textContent = now.textContent;
  }
}

// The word on the empty pad is no longer true, and would lie over the ink.
function hint(shown) {
  for (const word of document.querySelectorAll(".st-key-slate .hint")) word.hidden = !shown;
}

function takeBack() {
  if (!stroke) hint(true);
  for (const { own, copy } of copies.values()) {
    copy.remove();
    own.hidden = false;
  }
  copies = new Map();
}

const LISTENERS = {
  mousedown: pressPen,
  touchstart: pressPen,
  mousemove: movePen,
  touchmove: movePen,
  mouseup: liftPen,
  touchend: liftPen,
  touchcancel: liftPen,
};

// Each note comes with the guess that a run of the page has made.
function takeOver([note]) {
  if (!note) return;
  data = note;
  settled = true;
  takeBack();
  if (!data.numbers) stroke = null; // too much has been drawn to be sent each time
  if (stroke) begin();
}

export default function () {
  const endNotes = readNotes("drawn", takeOver);
  for (const [name, listener] of Object.entries(LISTENERS))
    window.addEventListener(name, listener, { capture: true, passive: true });
  return () => {
    endNotes();
    for (const [name, listener] of Object.entries(LISTENERS)) window.removeEventListener(name, listener, true);
    stroke = null;
    request?.abort();
    takeBack();
  };
}
