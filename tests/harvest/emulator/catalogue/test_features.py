import gzip

import msgspec
import numpy as np
import pytest

from harvest.emulator.catalogue.features import (
    COLUMNS,
    UNIT_COLUMNS,
    encode_features,
    make_features,
    read_features,
)
from harvest.emulator.catalogue.genres import GENRES
from harvest.errors import InputError

HEADER = "id," + ",".join(COLUMNS)
ROW = "{id},0.5,0.6,{key},-7.5,{mode},0.05,0.1,0,0.2,0.3,120.5,{duration},{signature}"


def made(n=500):
    genre_of = np.arange(n) % len(GENRES)
    ids = [f"{number:022d}" for number in range(n)]
    return make_features(ids, ids, genre_of, np.full(n, 200_000)), genre_of


def test_made_up_values_are_in_range():
    values, _ = made()
    assert all(0.0 <= value <= 1.0 for column in UNIT_COLUMNS for value in values[column])
    assert set(values["key"]) == set(range(12))
    assert set(values["mode"]) == {0, 1}
    assert set(values["time_signature"]) == {3, 4}
    assert -60.0 <= min(values["loudness"]) <= max(values["loudness"]) <= 5.0
    assert 50.0 <= min(values["tempo"]) <= max(values["tempo"]) <= 220.0


def test_genres_sound_different():
    values, genre_of = made(2_000)
    energy = np.array(values["energy"])
    names = [genre.name for genre in GENRES]
    means = {name: energy[genre_of == row].mean() for row, name in enumerate(names)}
    assert means["metal"] > means["pop"] > means["classical"]


def test_values_do_not_depend_on_what_else_is_served():
    alone = make_features(["b"], ["y"], np.array([1]), np.array([1_000]))
    together = make_features(["a", "b"], ["x", "y"], np.array([0, 1]), np.array([5, 1_000]))
    assert {name: column[0] for name, column in alone.items()} == {
        name: column[1] for name, column in together.items()
    }


def test_a_csv_file_is_served_as_it_is(tmp_path):
    path = tmp_path / "features.csv.gz"
    row = ROW.format(id="A" * 22, key=3, mode=1, duration=201_000, signature=4)
    path.write_bytes(gzip.compress(f"{HEADER}\n{row}\n".encode()))
    ids, values = read_features(path)
    assert ids == ["A" * 22]
    entry = msgspec.json.decode(encode_features(ids, values)["A" * 22])
    assert (entry["danceability"], entry["tempo"], entry["key"]) == (0.5, 120.5, 3)
    assert (entry["duration_ms"], entry["time_signature"]) == (201_000, 4)
    assert list(entry) == [
        *COLUMNS[:11],
        *["type", "id", "uri", "track_href", "analysis_url", "duration_ms", "time_signature"],
    ]


def test_blanks_are_unknown(tmp_path):
    path = tmp_path / "features.csv"
    blank = ROW.format(id="A" * 22, key="", mode="", duration="", signature="")
    no_energy = ROW.replace("0.6", "").format(id="B" * 22, key=1, mode=1, duration=1, signature=4)
    path.write_text(f"{HEADER}\n{blank}\n{no_energy}\n")
    ids, values = read_features(path)
    assert ids == ["A" * 22]
    assert (values["key"], values["mode"]) == ([None], [None])
    assert (values["duration_ms"], values["time_signature"]) == ([None], [None])


def test_a_file_of_another_shape_is_refused_by_name(tmp_path):
    path = tmp_path / "other.csv"
    path.write_text("a,b\n1,2\n")
    with pytest.raises(InputError, match=r"other\.csv"):
        read_features(path)
    with pytest.raises(InputError, match=r"absent\.csv"):
        read_features(tmp_path / "absent.csv")
