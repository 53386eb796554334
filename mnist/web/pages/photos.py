"""The second page: photographs, screenshots and scans of digits, read, put right by hand, and taken away as tables."""

import logging
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile
from streamlit_drawable_canvas import st_canvas

from mnist.errors import UserError
from mnist.reading.grouping import Box
from mnist.web import pictures
from mnist.web.components import announcement, photo_helper
from mnist.web.parts import page_frame, reading_panel
from mnist.web.state.photo import Sheet, as_csv, as_json
from mnist.web.state.reader import reader
from mnist.web.state.turns import turns

log = logging.getLogger(__name__)
STATIC = Path(__file__).parents[1] / "static"
STYLE = (STATIC / "look.css").read_text("utf-8") + (STATIC / "look_photos.css").read_text("utf-8")
TYPES = ["png", "jpg", "jpeg", "webp", "heic", "heif", "pdf", "bmp", "gif", "tif", "tiff"]
MOST_FILES = 30
BOXED = 640  # longer side of the picture that a box is drawn on, pixels
NO_CAMERA = "The camera works only on a page that came by HTTPS; on a phone the button above offers it all the same."
REFUSED = (
    "The red ones did not arrive: the server holds too many pictures now, or it took too long. Take away what is no "
    "longer needed, and send them again in a few minutes."
)
SHEETS, TAKEN = "sheets", "taken"


def page() -> None:
    """The page, top to bottom."""
    st.set_page_config(page_title="Read photos", page_icon=str(STATIC / "icon.svg"), layout="centered")
    st.html(f"<style>{STYLE}</style>")
    reader.start()
    files = _files()
    heard = st.container()
    if reader.error:
        st.warning(reading_panel.plain(f"Something went wrong. {reader.error}"))
    elif files and not reader.ready:
        st.markdown("Waking up. Your pictures are read in a moment.")
    elif files:
        _results(files)
    with heard:
        announcement.announce(_said(files))
    page_frame.for_reader()


def _files() -> list[UploadedFile]:
    """What has been sent: by upload, paste or camera."""
    with st.container(key="files"):
        sent = st.file_uploader(
            "Photos of handwritten numbers, on paper or a board. You can paste one, too.",
            TYPES, accept_multiple_files=True, key="photos",
        )  # fmt: skip
    browser = photo_helper.show_photo_helper()
    if browser.refused:
        st.warning(REFUSED)
    taken = None
    if browser.secure:
        with st.expander("Use the camera of this device", key="camera", on_change="rerun") as camera:
            if camera.open or st.session_state.get(TAKEN):  # closed, the camera is off, but what it took stays
                taken = st.camera_input(
                    "Hold the numbers before the camera", key=TAKEN, label_visibility="collapsed", resolution="1080p"
                )
    elif browser.secure is not None:
        st.caption(NO_CAMERA)
    files = [*sent, *([taken] if taken else [])]
    if len(files) > MOST_FILES:
        st.warning(f"{len(files)} pictures; the first {MOST_FILES} are read. Take some away to read the others.")
    return files[:MOST_FILES]


def _results(files: list[UploadedFile]) -> None:
    """A section for each picture, and all of them to take away."""
    sheets: dict[str, Sheet | str] = st.session_state.setdefault(SHEETS, {})
    for gone in sheets.keys() - {file.file_id for file in files}:
        del sheets[gone]
    for file in files:
        if file.file_id not in sheets:
            with st.spinner(f"Reading {file.name}"):
                sheets[file.file_id] = _read(file)
        _section(file)
    known = [sheet for sheet in sheets.values() if isinstance(sheet, Sheet)]
    if known:
        with st.container(key="take_away", horizontal=True):
            st.download_button("All as table (CSV)", lambda: as_csv(known), "digits.csv", "text/csv", on_click="ignore")
            st.download_button(
                "All as JSON", lambda: as_json(known), "digits.json", "application/json", on_click="ignore"
            )


def _said(files: list[UploadedFile]) -> str:
    """What stands in the pictures that have been read, a sentence each."""
    sheets: dict[str, Sheet | str] = st.session_state.get(SHEETS, {})
    sentences = []
    for file in files:
        sheet = sheets.get(file.file_id)
        if isinstance(sheet, Sheet):
            sentences.append(f"{file.name}: {', '.join((sheet.reading.text or '').splitlines())} {_sentence(sheet)}")
        elif sheet is not None:
            sentences.append(f"{file.name}: {sheet}.")
    return " ".join(sentences)


def _read(file: UploadedFile) -> Sheet | str:
    """The picture's sheet, or what is wrong with the file."""
    try:
        with turns.picture():
            return Sheet(file.name, file.getvalue(), reader)
    except UserError as error:
        log.warning("a picture on the page was refused")
        return str(error)


@st.fragment
def _section(file: UploadedFile) -> None:
    """One picture: what stands in it, the picture with its boxes, the table, and what can be put right."""
    sheet, key = st.session_state[SHEETS][file.file_id], file.file_id
    with st.container(key=f"sheet_{key}", border=True):
        if isinstance(sheet, str):
            st.warning(reading_panel.plain(f"{file.name}: {sheet}."))
            return
        with st.container(key=f"text_{key}"):
            st.markdown((sheet.reading.text or reading_panel.NO_GUESS).replace("\n", "  \n"))
        st.markdown(_sentence(sheet))
        picture, chosen = st.empty(), None
        if sheet.marks:
            chosen = _table(sheet, key)
        picture.image(sheet.annotated(chosen), width="stretch", output_format="JPEG", alt=f"{file.name} with its boxes")
        if chosen is not None:
            _correction(sheet, key, chosen)
        with st.container(horizontal=True, key=f"tools_{key}"):
            adding = st.toggle("Add a box", key=f"adding_{key}")
            st.download_button(
                "Picture with boxes", lambda: _jpeg(sheet), f"{Path(file.name).stem}-read.jpg", on_click="ignore"
            )
        if adding:
            _add_box(sheet, file)


def _sentence(sheet: Sheet) -> str:
    """What was read and what was left out, in words."""
    said = {
        "digit": "",
        "unsure": "Where the box is orange, look twice.",
        "empty": "There is nothing to read in this picture.",
        "not_a_digit": "Where there is a question mark, something does not look like a digit.",
    }
    if not sheet.marks and sheet.left_out:
        said["not_a_digit"] = "Nothing in this picture looks like a digit."
    left_out = f"Left out: {', '.join(sheet.why_left_out())}." if sheet.left_out else ""
    return " ".join(part for part in (said[sheet.reading.verdict], left_out) if part)


def _table(sheet: Sheet, key: str) -> int | None:
    """A row for each digit; the number of the chosen one, if one is."""
    rows = [
        {
            "Digit": mark.label,
            "Sure": 100.0 if mark.by_hand else 100 * (mark.read.confidence or 0.0),
            "Else": "by hand" if mark.by_hand else "" if mark.read.digit is None else str(mark.read.second),
            "Seen": pictures.png_url(mark.read.framed.sample),
        }
        for mark in sheet.marks
    ]
    state: Any = st.dataframe(
        rows,
        hide_index=True,
        on_select="rerun",
        selection_mode=["single-row", "single-cell"],
        key=f"table_{key}_{sheet.version}",
        height=min(400, 40 + 44 * len(rows)),
        row_height=44,
        column_config={
            "Digit": st.column_config.TextColumn(width=50),
            "Sure": st.column_config.ProgressColumn(format="%.0f %%", min_value=0, max_value=100, width=110),
            "Else": st.column_config.TextColumn(width=65),
            "Seen": st.column_config.ImageColumn(width=60),
        },
    )
    clicked = [*state.selection.rows, *(row for row, _ in state.selection.cells)]
    chosen: int | None = clicked[0] if clicked else _named(sheet, key)
    return chosen if chosen is not None and chosen < len(rows) else None


def _named(sheet: Sheet, key: str) -> int | None:
    """The number of the digit chosen by name: no key leads to the table's rows."""
    names = [f"No. {number}: {mark.label}" for number, mark in enumerate(sheet.marks, 1)]
    name = st.selectbox(
        "Is one wrong? Click its row, or choose it here.", names, index=None, placeholder="Which one?",
        key=f"named_{key}_{sheet.version}",
    )  # fmt: skip
    return names.index(name) if name in names else None


def _correction(sheet: Sheet, key: str, chosen: int) -> None:
    """The ten digits to choose from, and a button that takes the box away."""
    mark = sheet.marks[chosen]
    with st.container(key=f"correct_{key}"):
        digit = st.segmented_control(
            "It is a", list(range(10)), default=mark.read.digit, key=f"digit_{key}_{sheet.version}_{chosen}"
        )
        if digit is not None and digit != mark.read.digit:
            sheet.correct(chosen, digit)
            st.rerun(scope="fragment")
        if st.button("It is no digit: take the box away", key=f"remove_{key}"):
            sheet.remove(chosen)
            st.rerun(scope="fragment")


def _add_box(sheet: Sheet, file: UploadedFile) -> None:
    """A box around a digit that was missed: drawn on the picture, or set by those who cannot draw."""
    st.caption("Draw a box around one digit.")
    drawn = _drawn_box(sheet, file.file_id)
    box = _set_box(sheet, file.file_id) or drawn
    if box is None:
        return
    x, y, width, height = (side / sheet.scale for side in box)
    with turns.picture():
        found = sheet.add(file.getvalue(), (x, y, width, height), reader)
    if found:
        st.rerun(scope="fragment")
    st.caption("There is no ink in that box.")


def _drawn_box(sheet: Sheet, key: str) -> Box | None:
    """The box drawn last, in pixels of the picture as it is shown."""
    zoom = BOXED / max(sheet.size)
    width, height = (round(side * zoom) for side in sheet.size)
    with st.container(key=f"boxing_{key}"):
        drawing = st_canvas(
            background_image=pictures.jpeg(sheet.annotated()), drawing_mode="rect", stroke_width=3,
            stroke_color="#3b78c2", fill_color="rgba(59, 120, 194, 0.15)", width=width, height=height,
            key=f"box_{key}_{sheet.version}",
        ).json_data  # fmt: skip
    boxes = [drawn for drawn in (drawing or {}).get("objects", []) if drawn.get("width") and drawn.get("height")]
    if not boxes:
        return None
    x, y, wide, high = (float(boxes[-1][side]) / zoom for side in ("left", "top", "width", "height"))
    return x, y, wide, high


def _set_box(sheet: Sheet, key: str) -> Box | None:
    """The box that sliders set, be it by keys, in pixels of the picture as it is shown; None until it is to be read."""
    with st.expander("Set the box by sliders", key=f"setting_{key}"):
        spans = [
            st.slider(f"From {name}", 0, 100, (40, 60), format="%d %%", key=f"{name.replace(' ', '_')}_{key}")
            for name in ("left to right", "top to bottom")
        ]
        (left, right), (top, bottom) = (
            [side * share / 100 for share in span] for side, span in zip(sheet.size, spans, strict=True)
        )
        some = right - left >= 1 and bottom - top >= 1
        if some:
            held = sheet.picture.crop((round(left), round(top), round(right), round(bottom)))
            # in the page itself: a file would be replaced while the browser still asks for it
            st.html(f"<img src='{pictures.jpeg_url(held)}' alt='What is in the box' style='max-width: 100%'>")
        if st.button("Read what is in it", key=f"read_{key}", disabled=not some) and some:
            return left, top, right - left, bottom - top
    return None


def _jpeg(sheet: Sheet) -> bytes:
    return pictures.jpeg(sheet.annotated())
