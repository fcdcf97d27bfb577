import hashlib
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from model.errors import StorageError
from model.exploration.exhibits import Exhibit, Lacking
from model.exploration.files import write_exhibits
from model.exploration.plots import draw_bars
from model.settings import Settings

TABLE = pd.DataFrame({"tag": ["rock", "a,b"], "songs": [2, 1]})


def alone(name: str) -> Exhibit:
    return Exhibit(name, name.capitalize(), "Two tags.", TABLE, n_shown=1)


def write(state: Path, *exhibits: Exhibit) -> Path:
    lacking = [Lacking("Variability", "run it")]
    return write_exhibits(
        exhibits, lacking, state, settings=Settings(n_clusters=3), inputs={"tables": "abc"}
    )


def test_the_catalogue_names_every_file_by_its_hash(tmp_path: Path) -> None:
    folder = write(tmp_path, alone("tags"))
    assert folder == tmp_path / "explore"
    content = (folder / "tags.csv").read_bytes()
    assert content == b'tag,songs\nrock,2\n"a,b",1\n'
    catalogue = json.loads((folder / "explore.json").read_text())
    (shown,) = catalogue["exhibits"]
    assert shown.pop("files") == {"tags.csv": hashlib.sha256(content).hexdigest()}
    about = {"name": "tags", "title": "Tags", "says": "Two tags.", "n_rows": 2, "n_shown": 1}
    assert shown == about
    assert catalogue["lacking"] == [{"title": "Variability", "remedy": "run it"}]
    assert catalogue["inputs"] == {"tables": "abc"}
    assert catalogue["settings"]["n_clusters"] == 3


def test_an_exhibit_with_a_figure_has_it_in_two_formats(tmp_path: Path) -> None:
    bars = Exhibit(
        "bars", "Bars", "", TABLE, lambda: draw_bars(["rock", "b"], np.array([2.0, 1.0]))
    )
    folder = write(tmp_path, bars)
    assert (folder / "bars.svg").read_text().startswith("<?xml")
    assert (folder / "bars.png").read_bytes().startswith(b"\x89PNG")
    (shown,) = json.loads((folder / "explore.json").read_text())["exhibits"]
    assert set(shown["files"]) == {"bars.csv", "bars.svg", "bars.png"}


def test_files_of_an_earlier_run_go_and_nothing_outside_the_folder(tmp_path: Path) -> None:
    folder = write(tmp_path, alone("old"), alone("kept"))
    precious = tmp_path / "precious.csv"
    precious.touch()
    catalogue = json.loads((folder / "explore.json").read_text())
    catalogue["exhibits"][0]["files"]["../precious.csv"] = "0"
    (folder / "explore.json").write_text(json.dumps(catalogue))
    write(tmp_path, alone("kept"))
    assert {path.name for path in folder.iterdir()} == {"kept.csv", "explore.json"}
    assert precious.exists()


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "explore").touch()
    with pytest.raises(StorageError, match=r"cannot write results to .*explore"):
        write(tmp_path, alone("tags"))


def test_a_table_does_not_hang_on_its_picture(tmp_path: Path) -> None:
    def fail() -> Figure:
        raise ValueError("nothing can be drawn")

    with pytest.raises(ValueError, match="nothing can be drawn"):
        write(tmp_path, Exhibit("bars", "Bars", "", TABLE, fail))
    assert (tmp_path / "explore" / "bars.csv").is_file()
