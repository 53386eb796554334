"""An album is found again by the word of the browser's tab, while a session holds it."""

import gc

from mnist.web.state import album
from mnist.web.state.album import Album


def test_a_tab_finds_its_album_again_and_no_other_does() -> None:
    first = Album(file="what is wrong")
    assert album.of_tab("a word", first) is first
    assert album.of_tab("a word", Album()) is first
    assert album.of_tab("another word", Album()) == {}


def test_an_album_that_no_session_holds_is_forgotten() -> None:
    album.of_tab("a third word", Album(file="what is wrong"))
    gc.collect()
    assert album.of_tab("a third word", Album()) == {}
