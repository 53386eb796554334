"""Every page is made of nothing that the Content-Security-Policy forbids, alone and embedded."""

import pytest
from playwright.sync_api import Browser, expect

from tools.harness.running import Server
from tools.harness.visitor import Visitor

PAGES = {
    **dict.fromkeys(("", "challenge"), ".st-key-pad canvas"),
    **dict.fromkeys(("inside", "break", "train", "report"), "h1"),
    "photos": ".st-key-files",
}
# WebAssembly is tried by Streamlit's protobuf.js for whole numbers of 64 bits, which does without where it may not
NOTE = """addEventListener("securitypolicyviolation", (broken) => {
    if (broken.blockedURI !== "wasm-eval") console.error(`${broken.violatedDirective} forbids ${broken.blockedURI}`);
})"""


@pytest.mark.parametrize("embedded", [False, True], ids=["alone", "embedded"])
def test_no_page_breaks_the_policy(browser: Browser, server: Server, embedded: bool) -> None:
    context = browser.new_context()
    context.add_init_script(NOTE)
    visitor = Visitor(context, server.url)
    for name, part in PAGES.items():
        visitor.page.goto(f"{server.url}/{name}{'?embed=true' if embedded else ''}")
        expect(visitor.page.locator(part).first).to_be_visible()
        visitor.wait_for_run()
        assert visitor.problems == [], name
    context.close()
