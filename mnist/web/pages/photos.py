"""The page “Read photos”: photographs, screenshots and scans of digits, read, corrected by hand, and taken home."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.runtime.uploaded_file_manager import UploadedFile

from mnist.errors import UserError
from mnist.reading.pictures import images
from mnist.web import pictures
from mnist.web.components import announcement, boxed_picture, photo_helper, tab_memory
from mnist.web.parts import box_by_hand, page_frame, photo_picture, reading_html
from mnist.web.parts.wording import plain
from mnist.web.state import album, session
from mnist.web.state.album import Unread
from mnist.web.state.photo import Mark, Photo
from mnist.web.state.photo_tables import as_csv, as_grid, as_json
from mnist.web.state.reader import reader
from mnist.web.state.turns import turns

log = logging.getLogger(__name__)
MAX_NAME_CHARACTERS = 100  # of a picture that is gone
LOST = (
    "These pictures are gone, because the server has begun anew or this page was away for too long: {names}. "
    "Send them again."
)
FAILURES = {
    "full": "The red ones did not arrive: the server holds too many pictures now, or it took too long. Remove what you "
    "no longer need, and send them again in a few minutes.",
    "lost": "The red ones did not arrive. Check the connection, and send them again.",
}


def page() -> None:
    """Show the page."""
    with page_frame.framed("Read photos", "photos"):
        files = _show_files()
        for file in files:
            session.PHOTOS.get().setdefault(file.file_id, Unread(file.name))
        _show_lost()  # before they are read, which may take a while
        if not page_frame.reader_has_failed() and (files or session.PHOTOS.get()):
            if reader.ready:
                _show_photos(files)
            else:
                st.markdown("Waking up. Your pictures are read in a moment.")


def _show_lost() -> None:
    """Say which pictures are gone, and have the tab keep the names of those that are there."""
    photos = session.PHOTOS.get().values()
    if photos:
        session.LOST_PHOTOS.set([])
    elif lost := session.LOST_PHOTOS.get():
        st.warning(plain(LOST.format(names=", ".join(lost))))
    names = [photo.name for photo in photos if isinstance(photo, Photo | Unread)] or session.LOST_PHOTOS.get()
    tab_memory.keep("photos", names or None, _note_lost)


def _note_lost(kept: Any) -> None:
    if isinstance(kept, list):
        session.LOST_PHOTOS.set([str(name)[:MAX_NAME_CHARACTERS] for name in kept[: album.MAX_PHOTOS]])


def _show_files() -> list[UploadedFile]:
    """Show the ways to send pictures, by upload, paste and camera; return what was sent since the page was opened."""
    if session.UPLOADER.get() is None:  # it forgot its files when the page was left; what was read of them stays
        session.SENT_FILES.set(set())
    with st.container(key="files"):
        sent = st.file_uploader(
            "Photos of handwritten numbers, on paper or a board. You can paste one, too.",
            images.ENDINGS, accept_multiple_files=True, key=session.UPLOADER.key,
        )  # fmt: skip
    may_use_camera, failure, tab = photo_helper.show_photo_helper()
    if tab:
        session.PHOTOS.set(album.of_tab(tab, session.PHOTOS.get()))
    if failure in FAILURES:
        st.warning(FAILURES[failure])
    taken = None
    if may_use_camera:
        with st.expander("Use the camera of this device", key="camera", on_change="rerun") as camera:
            if camera.open or session.TAKEN_PHOTO.get():  # closed, the camera is off, but its photo stays
                taken = st.camera_input(
                    "Hold the numbers in front of the camera", key=session.TAKEN_PHOTO.key,
                    label_visibility="collapsed", resolution="1080p",
                )  # fmt: skip
    elif may_use_camera is not None:
        st.caption("The camera works here only over HTTPS. On a phone, the button above offers it, too.")
    files = [*sent, *([taken] if taken else [])]
    _forget_removed(files)
    room = max(0, album.MAX_PHOTOS - len(session.PHOTOS.get().keys() - session.SENT_FILES.get()))
    if len(files) > room:
        st.warning(f"These are more than {album.MAX_PHOTOS} pictures; the last are not read. Remove some to read them.")
    return files[:room]


def _forget_removed(files: list[UploadedFile]) -> None:
    """Forget what was read in files that the visitor has taken out of the list since."""
    present = {file.file_id for file in files}
    for removed in session.SENT_FILES.get() - present:
        session.PHOTOS.get().pop(removed, None)
    session.SENT_FILES.set(present)


def _show_photos(files: list[UploadedFile]) -> None:
    photos = session.PHOTOS.get()
    unread = [file for file in files if isinstance(photos.get(file.file_id), Unread)]
    to_read = {file.file_id for file in unread}
    for key in list(photos):
        if key not in to_read:
            _show_photo(key)
    for file in unread:
        photos[file.file_id] = _read(file)
        _show_photo(file.file_id)
    read = [photo for photo in photos.values() if isinstance(photo, Photo)]
    if read:
        with st.container(key="take_away", horizontal=True):
            save = partial(st.download_button, on_click="ignore")
            save("All as table (CSV)", partial(as_csv, read), "numbers.csv", "text/csv")
            if any(number.column for photo in read for number in photo.reading.numbers):
                save("As they stand (CSV)", partial(as_grid, read), "grid.csv", "text/csv")
            save("All as JSON", partial(as_json, read), "digits.json", "application/json")


def _in_words(photo: Photo) -> str:
    """Return a sentence on what was read in a picture, for screen readers."""
    lines = [" ".join(number.text for number in row) for row in photo.reading.rows]
    sudoku = "a sudoku, row by row:" if photo.reading.is_sudoku else ""
    return " ".join(filter(None, (f"{photo.name}:", sudoku, ", ".join(lines), _sentence(photo))))


def _read(file: UploadedFile) -> Photo | str:
    """Read the picture in its turn; return a sentence on what is wrong with the file instead if it cannot be read."""
    place = st.empty()
    try:
        with st.spinner(plain(f"Reading {file.name}")), turns.pictures.turn(lambda before: _tell(place, before)):
            place.empty()
            return Photo(file.name, file.getvalue(), reader)
    except UserError as error:
        log.warning("a picture on the page was refused")
        return f"{file.name}: {error}."


def _tell(place: DeltaGenerator, before: int) -> None:
    place.caption("One picture is read before yours." if before == 1 else f"{before} pictures are read before yours.")


@st.fragment
def _show_photo(key: str) -> None:
    photo = session.PHOTOS.get().get(key)
    if photo is None:  # it was removed in a duplicate of this tab
        st.rerun()
    if isinstance(photo, Unread):
        photo = f"{photo.name}: this picture was not read, because the page was left. Send it again."
    with st.container(key=f"photo_{key}", border=True):
        if isinstance(photo, str):
            st.warning(plain(photo))
            st.html(announcement.announced(photo, of=key))
            _show_remove(key)
            return
        st.caption(plain(photo.name))
        if photo.reading.mesh is not None and photo.marks:
            st.html(reading_html.cells(photo.reading))
        else:
            st.container(key=f"text_{key}").markdown(reading_html.guess(photo.reading).replace("\n", "  \n"))
        st.markdown(_sentence(photo))
        st.html(announcement.announced(_in_words(photo), of=key))
        _show_tools(photo, key)
        boxes = photo_picture.picture_boxes(photo)
        boxed_picture.show_boxed_picture(photo.jpeg, boxes, photo.name, photo.version, f"picture_{key}")
        _show_digits(photo, key)


def _show_tools(photo: Photo, key: str) -> None:
    """Show what can be done with the whole picture."""
    with st.container(horizontal=True, key=f"tools_{key}"):
        if st.button("Turn", key=f"turn_{key}", icon=":material/rotate_right:"):
            place = st.empty()
            with _refusal_is_told("turned"), turns.pictures.turn(lambda before: _tell(place, before)):
                place.empty()
                photo.turn(reader)
                st.rerun(scope="fragment")
        if st.button("Undo", key=f"undo_{key}", icon=":material/undo:", disabled=not photo.is_changed):
            photo.undo()
            st.rerun(scope="fragment")
        name, annotated = f"{Path(photo.name).stem}-read.jpg", lambda: pictures.jpeg(photo_picture.annotated(photo))
        st.download_button("Picture with boxes", annotated, name, on_click="ignore", key=f"save_{key}")
        _show_remove(key)


@contextmanager
def _refusal_is_told(change: str) -> Iterator[None]:
    """Say that a picture cannot be changed in that way, and why, if the change is refused."""
    try:
        yield
    except UserError as error:
        sentence = f"It cannot be {change}: {error}."
        st.caption(plain(sentence))
        st.html(announcement.announced(sentence))


def _show_remove(key: str) -> None:
    """Show how to forget a picture that is in the uploader's list no longer."""
    if key not in session.SENT_FILES.get() and st.button("Remove", key=f"forget_{key}"):
        session.PHOTOS.get().pop(key, None)
        st.rerun()


def _show_digits(photo: Photo, key: str) -> None:
    """Show the digit that was chosen on the picture, and how to put it right; and how to add one."""
    chosen = boxed_picture.chosen_box(f"picture_{key}", photo.version)
    if chosen is not None and 0 <= chosen < len(photo.marks):
        _show_correction(photo, key, chosen)
    elif photo.marks:
        st.caption("Is one wrong? Choose it on the picture.")
    if st.toggle("Add a box", key=f"adding_{key}"):
        _add_box(photo, key)


def _add_box(photo: Photo, key: str) -> None:
    """Read what is in a box that the visitor puts around a digit that was missed."""
    box = box_by_hand.show_box_by_hand(photo, key)
    if box is not None:
        with _refusal_is_told("changed"):
            if photo.add(box, reader):
                st.rerun(scope="fragment")
            st.caption("There is no ink in that box.")


def _sentence(photo: Photo) -> str:
    sentences = {
        "digit": "",
        "unsure": "Where the box is dashed, look twice.",
        "empty": "There is nothing to read in this picture.",
        "not_a_digit": "Where there is a question mark, something does not look like a digit.",
    }
    if not photo.marks and photo.left_out:
        sentences["not_a_digit"] = "Nothing in this picture looks like a digit."
    left_out = f"Left out: {', '.join(photo_picture.why_left_out(photo))}." if photo.left_out else ""
    turned = "" if photo.reading.turned == 0 else "The picture is shown turned."
    return " ".join(filter(None, (turned, sentences[photo.reading.verdict], left_out)))


def _show_correction(photo: Photo, key: str, chosen: int) -> None:
    mark = photo.marks[chosen]
    with st.container(key=f"correct_{key}"):
        st.html(pictures.sample_html(pictures.png_url(mark.read.framed.sample), _judgement(mark)))
        digit = st.segmented_control(
            "It is a", list(range(10)), default=mark.read.digit, key=f"digit_{key}_{photo.version}_{chosen}"
        )
        is_no_digit = st.button("It is no digit: take the box away", key=f"remove_{key}")
        with _refusal_is_told("changed"):
            if is_no_digit:
                photo.remove(chosen)
                st.rerun(scope="fragment")
            if digit is not None and digit != mark.read.digit:
                photo.correct(chosen, digit)
                st.rerun(scope="fragment")


def _judgement(mark: Mark) -> str:
    if mark.by_hand:
        return f"{mark.read.digit}, as you said"
    if mark.read.confidence is None:
        return "this does not look like a digit"
    second = "" if mark.read.alternative is None else f"; else {mark.read.alternative}"
    return f"{mark.read.digit}, {mark.read.confidence:.0%} sure{second}"
