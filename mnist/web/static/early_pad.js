// The pad of the front page: one can draw while the rest of the drawing page is still on its way.
//
// What is drawn is left in the tab's memory, where the page finds it as it finds a drawing after a reload
// (components/tab_memory.js). Until the page shows it, this pad's ink lies over the page's own pad, where one draws on.
// A drawing that the address names is on its way with the page: then there is no pad here.
{
  const KEPT = "mnist-draw drawing"; // the name in the tab's memory
  const [WIDTH, HEIGHT, PEN] = [560, 280, 16]; // pixels of the pad, as state/pad.py has them
  const MIN_STEP_PIXELS = 2; // a finger at rest makes no points
  const INTERVAL_MILLISECONDS = 30; // between two looks for the page's own pad
  const MAX_WAIT_MILLISECONDS = 10_000; // for that pad, and then for what was drawn to be on it

  const outline = document.querySelector(".outline");
  const canvas = outline.querySelector("canvas");
  const said = outline.querySelector("p");
  const brush = canvas.getContext("2d");
  const strokes = []; // each { pen, points }, points [x, y] in whole pixels of the pad
  let stroke = null; // the one that is being drawn

  // As reading/address.py describes them.
  const numbers = () =>
    strokes.flatMap(({ pen, points }) => [
      points.length,
      pen,
      ...points.flatMap(([x, y], i) => (i ? [x - points[i - 1][0], y - points[i - 1][1]] : [x, y])),
    ]);

  function bringBack(kept) {
    for (let at = 0; at < kept.length; ) {
      const [length, pen] = kept.slice(at, (at += 2));
      const points = [];
      let [x, y] = [0, 0];
      for (let i = 0; i < length; i++) points.push([(x += kept[at++]), (y += kept[at++])]);
      strokes.push({ pen, points });
    }
  }

  const scale = () => canvas.clientHeight / HEIGHT;
  const left = () => (WIDTH - canvas.clientWidth / scale()) / 2; // a phone shows the square in the middle

  function show() {
    const sharpness = devicePixelRatio;
    [canvas.width, canvas.height] = [canvas.clientWidth * sharpness, canvas.clientHeight * sharpness];
    const zoom = scale() * sharpness;
    brush.setTransform(zoom, 0, 0, zoom, -left() * zoom, 0);
    brush.lineCap = brush.lineJoin = "round";
    brush.strokeStyle = brush.fillStyle = getComputedStyle(canvas).color;
    for (const { pen, points } of strokes) {
      brush.lineWidth = pen;
      brush.beginPath();
      for (const point of [points[0], ...points]) brush.lineTo(...point);
      brush.stroke();
    }
    if (strokes.length) return;
    brush.globalAlpha = 0.7;
    brush.font = "20px system-ui, sans-serif";
    brush.textAlign = "center";
    brush.fillText("Draw a digit here", WIDTH / 2, HEIGHT / 2);
  }

  function add(event) {
    const { left: x, top: y } = canvas.getBoundingClientRect();
    const point = [(event.clientX - x) / scale() + left(), (event.clientY - y) / scale()].map(Math.round);
    const last = stroke.points.at(-1);
    if (last && Math.hypot(point[0] - last[0], point[1] - last[1]) < MIN_STEP_PIXELS) return;
    stroke.points.push(point);
    show();
  }

  function pressPen(event) {
    if (!event.isPrimary || event.button) return;
    canvas.setPointerCapture(event.pointerId);
    stroke = { pen: PEN, points: [] };
    strokes.push(stroke);
    add(event);
  }

  function movePen(event) {
    if (stroke && event.isPrimary) add(event);
  }

  function liftPen(event) {
    if (!stroke || !event.isPrimary) return;
    stroke = null;
    sessionStorage.setItem(KEPT, JSON.stringify({ numbers: numbers(), early: true }));
    ask();
  }

  // The server may read it already, even if most of the page is not there yet.
  async function ask() {
    const drawn = numbers();
    const request = { method: "POST", body: Int16Array.from(drawn) };
    const answer = await fetch("guess", request).then((response) => response.json()).catch(() => null);
    if (answer && numbers().length === drawn.length) said.textContent = answer.sentence ?? "";
  }

  function pageIsReady() {
    const parts = [...document.querySelectorAll(".st-key-slate *")];
    const itsPad = parts.some(({ shadowRoot }) => shadowRoot?.querySelector(".upper-canvas"));
    return itsPad || document.querySelector("[data-testid=stException]");
  }

  // The page comes piece by piece. One draws here until its own pad is there, and until the pen is lifted.
  function waitForPage() {
    const last = performance.now() + MAX_WAIT_MILLISECONDS;
    const timer = setInterval(() => {
      if (stroke || (!pageIsReady() && performance.now() < last)) return;
      clearInterval(timer);
      handOver();
    }, INTERVAL_MILLISECONDS);
  }

  function handOver() {
    outline.classList.add("handed-over");
    outline.dispatchEvent(new Event("handed-over"));
    const pad = document.querySelector(".st-key-slate");
    if (!pad || !strokes.length) return outline.remove();
    const place = pad.getBoundingClientRect();
    for (const side of ["left", "top", "width", "height"]) canvas.style[side] = `${place[side]}px`;
    show();
    setTimeout(() => outline.remove(), MAX_WAIT_MILLISECONDS); // the page has shown it by then, or cannot
  }

  function begin() {
    const kept = sessionStorage.getItem(KEPT) ?? "null";
    sessionStorage.setItem(KEPT, kept); // fails if nothing can be kept
    bringBack(JSON.parse(kept)?.numbers ?? []);
    outline.classList.add("pad");
    said.textContent = "Draw. The rest is on its way.";
    show();
    for (const [name, listener] of Object.entries({
      pointerdown: pressPen,
      pointermove: movePen,
      pointerup: liftPen,
      pointercancel: liftPen,
    }))
      canvas.addEventListener(name, listener);
    new ResizeObserver(show).observe(canvas);
    outline.addEventListener("arrived", (event) => {
      event.preventDefault();
      waitForPage();
    });
  }

  const isOfDrawingPage = location.pathname.endsWith("/"); // the others have a name
  if (isOfDrawingPage && !new URLSearchParams(location.search).has("drawing"))
    try {
      begin();
    } catch {
      // the browser keeps nothing, or something else was kept there
    }
}
