"""The pad of the front page: what is drawn there while the page is still on its way is on the page's own pad later."""

from collections.abc import Iterator, Sequence

import pytest
from playwright.sync_api import Browser, BrowserContext, Route, WebSocketRoute, expect

from tools.harness import hand
from tools.harness.running import Server

SCRIPTS = "**/static/js/index.*.js"
SOCKET = "**/_stcore/stream"
FOUR = hand.DIGITS[4]  # in two strokes
GUESS = ".guess:not([hidden])"
PADS = ".st-key-slate, .outline.pad canvas"  # the page's own, and above it the one of the front page while it is there
HANDED_OVER = ".outline.handed-over canvas"


class Newcomer:
    """Somebody whose page is on its way until `let_it_come`."""

    def __init__(self, context: BrowserContext, url: str) -> None:
        self.page = context.new_page()
        self.problems: list[str] = []
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))
        self._held: list[Route] | None = []
        self.page.route(SCRIPTS, self._hold)
        self._late: list[tuple[WebSocketRoute, str | bytes]] | None = None
        self.page.goto(url, wait_until="commit")

    def let_it_come(self) -> None:
        held, self._held = self._held, None
        for route in held or ():
            route.continue_()

    def _hold(self, route: Route) -> None:
        if self._held is None:
            route.continue_()
        else:
            self._held.append(route)

    def late_answers(self) -> None:
        """Keep back what the server says from the first time that it is given what was drawn, until `answer`."""
        given = False

        def connect(socket: WebSocketRoute) -> None:
            server = socket.connect_to_server()

            def ask(message: str | bytes) -> None:
                nonlocal given
                if isinstance(message, bytes) and b"handed" in message and not given:
                    given, self._late = True, []
                server.send(message)

            def say(message: str | bytes) -> None:
                if self._late is None:
                    socket.send(message)
                else:
                    self._late.append((socket, message))

            socket.on_message(ask)
            server.on_message(say)

        self.page.route_web_socket(SOCKET, connect)

    def answer(self) -> None:
        late, self._late = self._late, None
        for socket, message in late or ():
            socket.send(message)

    def press(self, line: Sequence[tuple[float, float]]) -> None:
        """Draw a stroke, and keep the pen on the pad. Points as of the harness's visitor."""
        box = self.page.locator(PADS).last.bounding_box()
        assert box is not None
        scale = box["height"] / 280
        left = box["x"] + (box["width"] - box["height"]) / 2
        places = [(left + x * scale, box["y"] + y * scale) for x, y in line]
        self.page.mouse.move(*places[0])
        self.page.mouse.down()
        for place in places[1:]:
            self.page.mouse.move(*place, steps=4)

    def draw(self, line: Sequence[tuple[float, float]]) -> None:
        self.press(line)
        self.page.mouse.up()


@pytest.fixture(params=[(390, 844), (1280, 800)], ids=["phone", "desk"])
def newcomer(browser: Browser, server: Server, request: pytest.FixtureRequest) -> Iterator[Newcomer]:
    width, height = request.param
    context = browser.new_context(viewport={"width": width, "height": height})
    newcomer = Newcomer(context, server.url)
    expect(newcomer.page.locator(".outline canvas")).to_be_visible()
    yield newcomer
    assert newcomer.problems == []
    context.close()


def test_one_draws_at_once_and_the_page_reads_it_when_it_comes(newcomer: Newcomer) -> None:
    page = newcomer.page
    expect(page.get_by_text("Draw. The rest is on its way.")).to_be_visible()
    early = page.locator(".outline canvas").bounding_box()
    for line in FOUR:
        newcomer.draw(line)
    expect(page.get_by_text("Looks like a 4.")).to_be_visible()
    newcomer.let_it_come()
    expect(page.locator(GUESS).first).to_have_text("4")
    expect(page.locator(".outline")).to_have_count(0)
    own = page.locator(".st-key-slate").bounding_box()
    assert early is not None
    assert own is not None
    assert all(abs(early[side] - own[side]) < 1 for side in ("x", "y", "width", "height"))
    page.reload()  # it is kept like any drawing
    expect(page.locator(GUESS).first).to_have_text("4")


def test_a_pen_that_is_down_when_the_page_comes_draws_on(newcomer: Newcomer) -> None:
    page = newcomer.page
    newcomer.draw(FOUR[0])
    newcomer.press(FOUR[1][:2])
    newcomer.let_it_come()
    expect(page.locator(".st-key-slate canvas.upper-canvas")).to_be_attached()
    page.wait_for_timeout(1500)  # the page's memory of the tab is there by now, and waits
    expect(page.locator(".outline canvas")).to_be_visible()
    x, y = FOUR[1][2]
    box = page.locator(".outline canvas").bounding_box()
    assert box is not None
    scale = box["height"] / 280
    page.mouse.move(box["x"] + (box["width"] - box["height"]) / 2 + x * scale, box["y"] + y * scale, steps=4)
    page.mouse.up()
    expect(page.locator(GUESS).first).to_have_text("4")
    expect(page.locator(".outline")).to_have_count(0)


def test_what_is_drawn_while_the_page_takes_the_early_ink_comes_after_it(newcomer: Newcomer) -> None:
    page = newcomer.page
    newcomer.late_answers()
    newcomer.draw(FOUR[0])
    newcomer.let_it_come()
    expect(page.locator(HANDED_OVER)).to_be_attached()
    newcomer.draw(FOUR[1])
    newcomer.answer()
    expect(page.locator(GUESS).first).to_have_text("4")
    expect(page.locator(".outline")).to_have_count(0)


def test_a_pen_that_is_down_when_the_page_has_taken_the_early_ink_loses_nothing(newcomer: Newcomer) -> None:
    page = newcomer.page
    newcomer.late_answers()
    newcomer.draw(FOUR[0])
    newcomer.let_it_come()
    expect(page.locator(HANDED_OVER)).to_be_attached()
    newcomer.press(FOUR[1])
    newcomer.answer()
    expect(page.locator(GUESS).first).to_have_text("–")  # the first stroke alone is none
    page.mouse.up()
    expect(page.locator(GUESS).first).to_have_text("4")
    expect(page.locator(".outline")).to_have_count(0)


def test_a_page_that_has_to_be_loaded_again_shows_what_was_drawn(browser: Browser, server: Server) -> None:
    with browser.new_context() as context:
        newcomer = Newcomer(context, server.url)
        expect(newcomer.page.locator(".outline canvas")).to_be_visible()
        for line in FOUR:
            newcomer.draw(line)
        newcomer.page.reload(wait_until="commit")
        ink = newcomer.page.locator(".outline canvas").evaluate(
            "canvas => canvas.getContext('2d').getImageData(canvas.width / 2, canvas.height * 0.6, 1, 1).data[3]"
        )
        assert ink == 255
        newcomer.let_it_come()
        expect(newcomer.page.locator(GUESS).first).to_have_text("4")


@pytest.mark.parametrize("path", ["inside", "?drawing=eNpjYGBgYGFgYGBkYGBgYmBgAAAB4gAl"])
def test_other_pages_and_named_drawings_have_an_outline(browser: Browser, server: Server, path: str) -> None:
    with browser.new_context() as context:
        page = Newcomer(context, f"{server.url}/{path}").page
        expect(page.get_by_text("One moment. The pad is on its way.")).to_be_visible()
        expect(page.locator(".outline canvas")).to_be_hidden()


def test_where_the_browser_keeps_nothing_there_is_an_outline(browser: Browser, server: Server) -> None:
    with browser.new_context() as context:
        context.add_init_script(
            "Storage.prototype.setItem = () => { throw new DOMException('none', 'QuotaExceeded'); }"
        )
        newcomer = Newcomer(context, server.url)
        expect(newcomer.page.get_by_text("One moment. The pad is on its way.")).to_be_visible()
        newcomer.let_it_come()
        expect(newcomer.page.locator(".outline")).to_have_count(0)
