"""`python -m tools.load.measure_least`: measure what our app takes beside the least that a pad in Streamlit can do.

The least is `tools/load/least_app.py`. Prints, of both, the server's processor time for each drawing while thirty
people draw once a second, and how long the guess takes from the lifted pen in Chromium, a stroke here and there.
"""

import argparse
import statistics
from typing import Any

from tools.harness.lifted import waits
from tools.harness.running import AS_INSTALLED, Server, during
from tools.harness.session import Session
from tools.harness.waits import percentile_95
from tools.load import crowd

PEOPLE = 30
OPENING_SECONDS = 10.0  # the first people wait for more than a drawing


class SessionAtLeast(Session):
    """A session at the app that says how many strokes there are."""

    def _wanted(self, digit: int, drawing: dict[str, Any]) -> set[str]:  # noqa: ARG002
        return {str(len(drawing["raw"]["objects"]))}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tools.load.measure_least")
    parser.add_argument("--seconds", type=float, default=60.0, help="that people draw (default: %(default)s)")
    parser.add_argument("--strokes", type=int, default=100, help="in Chromium (default: %(default)s)")
    options = parser.parse_args()
    ours, least = Server(environment=AS_INSTALLED), Server("tools/load/least_app.py", AS_INSTALLED)
    with ours, least:
        spent = [
            milliseconds_a_drawing(server, options.seconds, kind)
            for server, kind in ((ours, Session), (least, SessionAtLeast))
        ]
        waited = waits((ours.url, least.url), options.strokes)
    print("| what | ours | the least |\n| --- | ---: | ---: |")
    print(f"| processor time for each drawing, {PEOPLE} people | {spent[0]:.1f} ms | {spent[1]:.1f} ms |")
    for what, of in (("median", statistics.median), ("95th percentile", percentile_95)):
        print(f"| pen lifted to guess, {what} | {of(waited[0]):.1f} ms | {of(waited[1]):.1f} ms |")


def milliseconds_a_drawing(server: Server, seconds: float, kind: type[Session]) -> float:
    """Return the server's processor time for each drawing, that of opening the pages included."""
    during(crowd.draw_together(server.url, PEOPLE, 1.0, OPENING_SECONDS, kind))
    began = server.processor_time()
    tally = during(crowd.draw_together(server.url, PEOPLE, 1.0, seconds, kind))
    assert (tally.misread, tally.failed) == (0, []), tally.row("drawings")
    return 1000 * (server.processor_time() - began) / len(tally.waits)


if __name__ == "__main__":
    main()
