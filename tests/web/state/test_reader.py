"""The server's reader, between one run of a page's script and the next."""

import statistics
import time

import pytest
from streamlit.runtime.scriptrunner import script_runner

from mnist.reading.find_digits import of_strokes
from mnist.reading.grouping import Ways
from mnist.web.state.reader import Reader
from tools.harness import hand


@pytest.fixture(scope="module")
def reader() -> Reader:
    reader = Reader()
    assert reader.read(Ways()) is None
    reader.start()
    reader.start()
    reader.wait(60)
    assert reader.ready
    return reader


def test_it_reads(reader: Reader) -> None:
    reading = reader.read(of_strokes(hand.strokes(4)))
    assert reading is not None
    assert reading.text == "4"


def test_what_streamlit_does_after_a_run_does_not_slow_the_next_reading(reader: Reader) -> None:
    """A ratio, not a time: where TensorFlow has to optimise its graph anew it is 20 and more."""
    found = of_strokes(hand.strokes(4))

    def median(after_a_run: bool) -> float:
        times = []
        for _ in range(15):
            if after_a_run:
                script_runner._clean_problem_modules()
            began = time.perf_counter()
            reader.read(found)
            times.append(time.perf_counter() - began)
        return statistics.median(times)

    median(after_a_run=False)
    assert median(after_a_run=True) < 5 * median(after_a_run=False)
