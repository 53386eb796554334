"""The mesh of a table: from the picture into the frame and back, however the phone stood and the paper bulged."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from mnist.reading.mesh import FRAME, Mesh

SIZE = np.array([80, 60])
share = st.floats(0, 1)


@st.composite
def meshes(draw: st.DrawFn) -> Mesh:
    """Return a frame of some 80 × 60 pixels whose corners are off by up to 12, with sides that bulge."""
    off = np.array(draw(st.lists(st.floats(-12, 12), min_size=8, max_size=8))).reshape(4, 2)
    bulges = draw(st.lists(st.floats(-0.03, 0.03), min_size=4 * 6, max_size=4 * 6))
    corners = (FRAME * SIZE + 20 + off).astype(np.float32)
    return Mesh(corners, np.array(bulges).reshape(4, -1), (0.0, 0.3, 0.5, 1.0), (0.0, 0.25, 1.0))


@given(meshes(), share, share)
def test_a_place_is_found_again(mesh: Mesh, across: float, down: float) -> None:
    place = np.array([(across, down)])
    assert np.abs(mesh.in_frame(mesh.in_picture(place)) - place).max() < 1e-3


@given(meshes(), st.floats(0.1, 10))
def test_the_middle_of_a_cell_is_in_that_cell_in_a_picture_of_any_size(mesh: Mesh, factor: float) -> None:
    assert mesh.shape == (2, 3)
    for (row, down), (column, across) in ((r, c) for r in enumerate((0.12, 0.6)) for c in enumerate((0.15, 0.4, 0.7))):
        x, y = (mesh.in_picture(np.array([(across, down)]))[0] * factor).tolist()
        assert mesh.scaled(factor).cells([(x - 5, y - 5, 10.0, 10.0)]) == [(row, column)]


@given(meshes())
def test_what_lies_beyond_the_frame_belongs_to_the_nearest_cell(mesh: Mesh) -> None:
    x, y = mesh.in_picture(np.array([(-0.05, 1.05)]))[0].tolist()
    assert mesh.cells([(x, y, 0.0, 0.0)]) == [(1, 0)]


@given(meshes())
def test_laid_flat_everything_lies_where_it_lies_in_the_frame(mesh: Mesh) -> None:
    x, y = np.meshgrid(np.arange(120), np.arange(100))
    places = mesh.in_frame(np.stack([x.ravel(), y.ravel()], axis=1))
    for axis in (0, 1):
        flat = mesh.flat(places[:, axis].reshape(x.shape).astype(np.float32), 10)
        wide, high = mesh.size
        assert flat.shape == (high + 20, wide + 20)
        expected = np.moveaxis(np.indices((high, wide)), 0, -1)[..., 1 - axis] / mesh.size[axis]
        assert np.abs(flat[10:-10, 10:-10] - expected).max() < 0.02


@given(meshes(), st.floats(0.1, 0.8), st.floats(0.1, 0.8))
def test_a_box_in_the_picture_holds_the_one_in_the_frame(mesh: Mesh, across: float, down: float) -> None:
    x, y, width, height = mesh.box_in_picture((across, down, 0.1, 0.1))
    inner = mesh.in_picture(np.array([(across + 0.05, down + 0.05)]))[0]
    assert x < inner[0] < x + width
    assert y < inner[1] < y + height
