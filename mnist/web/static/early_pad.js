// The pad of the front page: one can draw while the rest of the drawing page is still on its way.
//
// The front page's `.outline` covers all, as `.pad` if one can draw on it. Once the page is there, its own pad too, and
// the pen has rested, it is `.handed-over`: the page is seen, this pad's ink over its pad, and what was drawn here goes
// to the server by the tab's memory (components/tab_memory.js). One still draws here until the server has shown it, as
// the page's own pad takes up nothing while it loads a drawing; what is drawn meanwhile is handed over in the same way.
// Then the outline goes.
//
// A drawing that the address names is on its way with the page: then there is no pad here.
{
  const KEPT = "mnist-draw drawing"; // the name in the tab's memory
  const [WIDTH, HEIGHT, PEN] = [560, 280, 16]; // pixels of the pad, as state/pad.py has them
  const MIN_STEP_PIXELS = 2; // a finger at rest makes no points
  const MAX_POINTS = 9_000; // reading/address.py takes 20,000 numbers
  const REST_MILLISECONDS = 800; // of the pen before the page's own pad takes over: a 4 has two strokes
  const INTERVAL_MILLISECONDS = 30; // between two looks for the page's own pad
  const MAX_PAGE_MILLISECONDS = 10_000; // for that pad
  const MAX_INK_MILLISECONDS = 10_000; // for what was drawn to be on it
  const SETTLING_MILLISECONDS = 150; // from the server's word that it is, until it is loaded
  const BUSY_MILLISECONDS = 1000; // until the next request to a server that had no time
  const WAITING = "Draw. The rest is on its way.";

  const outline = document.querySelector(".outline");
  const canvas = outline.querySelector("canvas");
  const said = outline.querySelector("p");
  const brush = canvas.getContext("2d");
  const strokes = []; // each { pen, points }, points [x, y] in whole pixels of the pad
  let stroke = null; // the one that is being drawn, with the pointer that draws it
  let lifted = -Infinity; // when the pen was lifted last
  let memory = null; // what the tab's memory told last: how to give the server a drawing, what it shows, and since when
  let handed = 0; // how many strokes the server was given
  let handedAt = 0;

  // As reading/address.py describes them.
  const numbers = () =>
    strokes.flatMap(({ pen, points }) => [
      points.length,
      pen,
      ...points.flatMap(([x, y], i) => (i ? [x - points[i - 1][0], y - points[i - 1][1]] : [x, y])),
    ]);

  function keep() {
    try {
      sessionStorage.setItem(KEPT, JSON.stringify({ numbers: numbers() }));
    } catch {
      // there is no room left: what was kept before is older, but better than nothing
    }
  }

  function strokesOf(kept) {
    const strokes = [];
    let at = 0;
    while (at < kept.length) {
      const [length, pen] = kept.slice(at, at + 2);
      at += 2;
      const points = [];
      let [x, y] = [0, 0];
      for (const end = at + 2 * length; at < end; at += 2) {
        x += kept[at];
        y += kept[at + 1];
        points.push([x, y]);
      }
      strokes.push({ pen, points });
    }
    return strokes;
  }

  const scale = () => canvas.clientHeight / HEIGHT;
  const left = () => (WIDTH - canvas.clientWidth / scale()) / 2; // a phone shows the square in the middle

  function fit() {
    [canvas.width, canvas.height] = [canvas.clientWidth, canvas.clientHeight].map((side) => side * devicePixelRatio);
    const zoom = scale() * devicePixelRatio;
    brush.setTransform(zoom, 0, 0, zoom, -left() * zoom, 0);
    brush.lineCap = brush.lineJoin = "round";
    brush.strokeStyle = brush.fillStyle = getComputedStyle(canvas).color;
    brush.font = "20px system-ui, sans-serif";
    brush.textAlign = "center";
    show();
  }

  function show() {
    brush.clearRect(0, 0, WIDTH, HEIGHT);
    for (const { pen, points } of strokes) {
      const [[x, y]] = points;
      brush.lineWidth = pen;
      brush.beginPath();
      brush.moveTo(x + 0.01, y); // some browsers show nothing of a line without a length
      for (const point of points) brush.lineTo(...point);
      brush.stroke();
    }
    brush.globalAlpha = 0.7;
    if (!strokes.length) brush.fillText("Draw a digit here", WIDTH / 2, HEIGHT / 2);
    brush.globalAlpha = 1;
  }

  function add({ clientX, clientY }) {
    const { left: x, top: y } = canvas.getBoundingClientRect();
    const within = (length) => Math.round(Math.max(-WIDTH, Math.min(length, 2 * WIDTH))); // a pen may leave the pad
    const point = [(clientX - x) / scale() + left(), (clientY - y) / scale()].map(within);
    const last = stroke.points.at(-1);
    if (last && Math.hypot(point[0] - last[0], point[1] - last[1]) < MIN_STEP_PIXELS) return;
    if (last && strokes.reduce((count, { points }) => count + points.length, 0) >= MAX_POINTS) return;
    stroke.points.push(point);
    show();
  }

  function pressPen(event) {
    if (stroke || event.button) return;
    canvas.setPointerCapture(event.pointerId);
    stroke = { pen: PEN, points: [], pointer: event.pointerId };
    strokes.push(stroke);
    add(event);
  }

  function movePen(event) {
    if (event.pointerId !== stroke?.pointer) return;
    if (event.buttons) add(event);
    else liftPen(event); // a menu has swallowed the lifting
  }

  function liftPen(event) {
    if (event.pointerId !== stroke?.pointer) return;
    stroke = null;
    lifted = performance.now();
    keep();
    ask();
  }

  // The server may read it already, even if most of the page is not there yet.
  async function ask() {
    const drawn = numbers();
    const request = { method: "POST", body: Int16Array.from(drawn) };
    const answer = await fetch("guess", request).catch(() => null); // the page says what does not arrive
    const found = answer?.ok ? await answer.json() : null;
    if (numbers().length !== drawn.length || said.classList.contains("failed")) return;
    if (found) said.textContent = found.sentence ?? WAITING;
    if (answer?.status === 503) setTimeout(() => numbers().length === drawn.length && ask(), BUSY_MILLISECONDS);
  }

  function pageIsReady() {
    const parts = [...document.querySelectorAll(".st-key-slate *")];
    const itsPad = parts.some(({ shadowRoot }) => shadowRoot?.querySelector(".upper-canvas"));
    return (itsPad && (memory || !strokes.length)) || document.querySelector("[data-testid=stException]");
  }

  // The page comes piece by piece, below this pad, where nobody should press a button unseen.
  function waitForPage() {
    const root = document.querySelector("#root");
    const last = performance.now() + MAX_PAGE_MILLISECONDS;
    root.inert = true;
    const timer = setInterval(() => {
      const now = performance.now();
      if (stroke || now - lifted < REST_MILLISECONDS || (!pageIsReady() && now < last)) return;
      if (memory && handed < strokes.length) handOver();
      if (memory && strokes.length && !isShown(now) && now < handedAt + MAX_INK_MILLISECONDS) return;
      clearInterval(timer);
      root.inert = false;
      outline.remove();
    }, INTERVAL_MILLISECONDS);
  }

  const isShown = (now) => memory.strokes === handed && now >= memory.at + SETTLING_MILLISECONDS;

  function handOver() {
    keep(); // the tab's memory has kept what was handed over before
    memory.give({ numbers: numbers(), handed });
    [handed, handedAt] = [strokes.length, performance.now()];
    outline.classList.add("handed-over");
    const place = document.querySelector(".st-key-slate")?.getBoundingClientRect();
    if (!place) return;
    for (const side of ["left", "top", "width", "height"]) canvas.style[side] = `${place[side]}px`;
    canvas.ariaHidden = "true"; // the page's own pad has a name
    fit();
  }

  function begin() {
    const kept = sessionStorage.getItem(KEPT);
    sessionStorage.setItem(KEPT, kept ?? ""); // fails if nothing can be kept
    if (kept === null) sessionStorage.removeItem(KEPT);
    strokes.push(...strokesOf(JSON.parse(kept)?.numbers ?? []));
    if (strokes.length) keep();
    outline.classList.add("pad");
    said.textContent = WAITING;
    fit();
    for (const [name, listener] of Object.entries({
      pointerdown: pressPen,
      pointermove: movePen,
      pointerup: liftPen,
      pointercancel: liftPen,
    }))
      canvas.addEventListener(name, listener);
    addEventListener("pagehide", () => stroke && keep());
    new ResizeObserver(fit).observe(canvas);
    outline.addEventListener("told", ({ detail: { give, value, session } }) => {
      if (session !== memory?.session) handed = 0;
      memory = { give, session, strokes: strokesOf(value?.numbers ?? []).length, at: performance.now() };
    });
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
