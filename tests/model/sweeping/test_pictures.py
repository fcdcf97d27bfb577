import re
from io import BytesIO
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pytest

from model.drawing import picture_writer, plain_style
from model.settings import Settings
from model.sweeping.choosing import Sweep
from model.sweeping.grid import parse_grid
from model.sweeping.heat_map import draw_sweep
from model.sweeping.pictures import describe, format_alike
from model.sweeping.sweep import sweep


@pytest.fixture(scope="module")
def swept(catalogue_state: Path) -> Sweep:
    settings = Settings(parts=("validation",), min_count=2)
    return sweep(catalogue_state, settings, parse_grid("clusters=2,4 share=0.25,0.5"))


def written(sweep: Sweep, kind: "str") -> bytes:
    file = BytesIO()
    picture_writer(draw_sweep(sweep), "png" if kind == "png" else "svg")(file)
    return file.getvalue()


@pytest.mark.parametrize("kind", ["png", "svg"])
def test_the_same_sweep_gives_the_same_bytes_whatever_the_user_has_set(
    swept: Sweep, kind: str
) -> None:
    first = written(swept, kind)
    with mpl.rc_context({"font.size": 30, "axes.facecolor": "red", "svg.hashsalt": "other"}):
        assert written(swept, kind) == first


def test_files_are_what_they_are_called_and_hold_no_time(swept: Sweep) -> None:
    assert written(swept, "png").startswith(b"\x89PNG")
    drawing = written(swept, "svg").decode()
    assert drawing.startswith("<?xml")
    assert "<dc:date>" not in drawing
    assert not re.search(r"20\d\d-\d\d-\d\d", drawing)


def test_settings_of_the_library_are_as_they_were_after_drawing(swept: Sweep) -> None:
    before = dict(mpl.rcParams)
    written(swept, "png")
    with plain_style():
        pass
    assert dict(mpl.rcParams) == before


def test_the_words_name_the_best_and_what_was_the_same(swept: Sweep) -> None:
    text = "\n".join(describe(swept, marks="dots"))
    assert f"{swept.n_playlists} validation playlists" in text
    assert f"best, framed: {swept.best}: " in text
    assert "in all: similar songs a step 10, playlists per cluster 5" in text
    assert ("dots: " in text) == (swept.n_equal > 0)


def test_figures_are_told_apart_in_few_characters() -> None:
    assert format_alike(np.array([12345.678, 12346.9])) == ["12346", "12347"]
    assert format_alike(np.array([np.nan])) == ["–"]
    assert format_alike(np.array([0.00001, 0.00002])) == ["0.0000", "0.0000"]
