"""The photos of one visitor, which a reload of the page does not lose.

A reload begins another session, but Streamlit keeps the last one for two minutes. The browser's tab shows that they are
one visitor's, by a random word that it keeps until it is closed.
"""

import weakref

from mnist.web.state.photo import Photo


class Album(dict[str, Photo | str]):
    """Photos by the id of their files; for one that was refused, why."""


_of_tabs = weakref.WeakValueDictionary[str, Album]()  # those that a session still holds


def of_tab(tab: str, own: Album) -> Album:
    """Return the album of that tab; `own` becomes it if there is none."""
    return _of_tabs.setdefault(tab, own)
