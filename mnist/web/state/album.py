"""The photos of one visitor, which a reload of the page does not lose.

A reload begins another session, but Streamlit keeps the last one for two minutes. The browser's tab shows that they are
one visitor's, by a random word that it keeps until it is closed; a tab that is duplicated has the same word, and album.
"""

import weakref
from dataclasses import dataclass

from mnist.web.state.photo import Photo

MAX_PHOTOS = 30  # that are read of one visitor; more can be sent after some are removed


@dataclass(frozen=True)
class Unread:
    """A photo whose turn to be read has not come yet, or never came, because the page was left."""

    name: str


class Album(dict[str, Photo | Unread | str]):
    """Photos by the id of their files; for one that was refused, why."""


_of_tabs = weakref.WeakValueDictionary[str, Album]()  # those that a session still holds


def of_tab(tab: str, own: Album) -> Album:
    """Return the album of that tab; `own` becomes it if there is none."""
    return _of_tabs.setdefault(tab, own)
