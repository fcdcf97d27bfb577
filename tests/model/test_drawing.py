import re
from io import BytesIO
from typing import Literal

import matplotlib as mpl
import pytest
from matplotlib.figure import Figure

from model.drawing import new_figure, picture_writer, plain_style


def curve() -> Figure:
    with plain_style():
        figure = new_figure(8.0, 3.0)
        figure.subplots().plot([1, 2, 4], label="a curve")
        figure.suptitle("title")
    return figure


def written(kind: Literal["png", "svg"]) -> bytes:
    file = BytesIO()
    picture_writer(curve(), kind)(file)
    return file.getvalue()


@pytest.mark.parametrize("kind", ["png", "svg"])
def test_the_same_picture_gives_the_same_bytes_whatever_the_user_has_set(
    kind: Literal["png", "svg"],
) -> None:
    first = written(kind)
    with mpl.rc_context({"font.size": 30, "axes.facecolor": "red", "svg.hashsalt": "other"}):
        assert written(kind) == first


def test_files_are_what_they_are_called_and_hold_no_time() -> None:
    assert written("png").startswith(b"\x89PNG")
    drawing = written("svg").decode()
    assert drawing.startswith("<?xml")
    assert "<dc:date>" not in drawing
    assert not re.search(r"20\d\d-\d\d-\d\d", drawing)


def test_settings_of_the_library_are_as_they_were_after_drawing() -> None:
    before = dict(mpl.rcParams)
    written("png")
    assert dict(mpl.rcParams) == before


def test_a_figure_has_room_for_its_title() -> None:
    assert new_figure(1.0, 2.0).get_size_inches().tolist() == [7.0, 2.0]
