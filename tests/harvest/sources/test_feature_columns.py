from pathlib import Path

import pytest

from harvest.errors import InputError
from harvest.sources.feature_columns import (
    CLOCK,
    FEATURE_NAMES,
    ID_NAMES,
    METRE,
    MILLISECONDS,
    MODE,
    MODE_OF_KEY,
    PERCENT,
    PLAIN,
    SECONDS,
    WHOLE_PERCENT,
    count_known,
    find_columns,
    required_fields,
)

NEEDED = required_fields()
FILE = Path("songs.csv")
DOCS = Path(__file__).parents[3] / "docs" / "data.md"


def find(names):
    found = find_columns(names, FILE)
    return [c.name for c in found.ids], {c.field: (c.name, c.unit) for c in found.features}


def header(**changed):
    """The names that are needed, some of them changed."""
    return ["id", *(changed.get(name, name) for name in NEEDED)]


def test_nine_features_are_needed():
    assert sorted(NEEDED) == [
        "acousticness",
        "danceability",
        "energy",
        "instrumentalness",
        "liveness",
        "loudness",
        "speechiness",
        "tempo",
        "valence",
    ]


@pytest.mark.parametrize("name", ID_NAMES)
def test_every_name_of_the_id_is_known(name):
    ids, _ = find([name, *NEEDED])
    assert ids == [name]


@pytest.mark.parametrize(
    ("field", "unit", "name"),
    [(field, unit, name) for field, unit, names in FEATURE_NAMES for name in names],
)
def test_every_name_of_a_feature_is_known_and_stands_in_the_documentation(field, unit, name):
    others = [each for each in header() if each != field]
    assert find([*others, name])[1][field] == (name, unit)
    shown = name.removeprefix(field) if unit is PERCENT else name
    assert f"`{shown}`" in DOCS.read_text()


@pytest.mark.parametrize("name", ID_NAMES)
def test_every_name_of_the_id_stands_in_the_documentation(name):
    assert f"`{name}`" in DOCS.read_text()


@pytest.mark.parametrize(
    "name",
    [
        "Time Signature",
        "timeSignature",
        "TIME-SIGNATURE",
        " time_signature ",
        "Track Time Signature",
    ],
)
def test_case_blanks_and_punctuation_do_not_matter(name):
    assert find([*header(), name])[1]["time_signature"] == (name, METRE)


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("Duration (ms)", MILLISECONDS),
        ("durationMs", MILLISECONDS),
        ("Track Duration (ms)", MILLISECONDS),
        ("spotify_track_duration_ms", MILLISECONDS),
        ("duration_s", SECONDS),
        ("Duration (sec)", SECONDS),
        ("Duration", CLOCK),
        ("Time", CLOCK),
    ],
)
def test_a_length_s_unit_is_in_its_name(name, unit):
    assert find([*header(), name])[1]["duration_ms"] == (name, unit)


@pytest.mark.parametrize(
    "name",
    ["audio_features.energy", "track_energy", "Spotify Energy", "spotify.audioFeatures.energy"],
)
def test_what_may_stand_in_front_of_a_feature_s_name_is_left_out(name):
    assert find(header(energy=name))[1]["energy"] == (name, PLAIN)


@pytest.mark.parametrize("name", ["energy_%", "Energy (%)", "energy percent", "ENERGY_PCT"])
def test_a_percentage_is_known_by_its_name(name):
    found = find(header(energy=name))[1]
    assert found["energy"] == (name, PERCENT)
    assert found["valence"] == ("valence", PLAIN)


def test_a_plain_share_is_preferred_to_its_percentage():
    assert find([*header(), "energy_%"])[1]["energy"] == ("energy", PLAIN)


def test_one_short_name_makes_all_shares_whole_percentages():
    found = find(header(danceability="Dance", loudness="Loud (Db)", tempo="BPM"))[1]
    assert {found[name][1] for name in ("danceability", "energy", "valence")} == {WHOLE_PERCENT}
    assert found["loudness"] == ("Loud (Db)", PLAIN)
    assert found["tempo"] == ("BPM", PLAIN)


def test_what_can_only_be_a_track_is_preferred_to_a_bare_id():
    ids, _ = find(["id", "uri", "track_id", "Track URI", "href", *NEEDED])
    assert ids == ["Track URI", "track_id", "uri", "href", "id"]


@pytest.mark.parametrize(
    "name", ["Album URI", "artist_id", "id_artists", "playlist_id", "album id"]
)
def test_ids_of_other_things_are_not_taken_for_the_track_s(name):
    with pytest.raises(InputError, match="no column for the track's id"):
        find([name, *NEEDED])


def test_a_key_without_a_mode_beside_it_tells_the_mode():
    assert find([*header(), "key"])[1]["mode"] == ("key", MODE_OF_KEY)
    assert find([*header(), "key", "Mode"])[1]["mode"] == ("Mode", MODE)


def test_of_equal_names_the_first_counts():
    found = find_columns([*header(), "Energy"], FILE)
    assert [c.index for c in found.features if c.field == "energy"] == [header().index("energy")]


# Headers as these files have them; of each the fields that it lacks.
KNOWN_FILES = {
    "Exportify": (
        "Track URI,Track Name,Album Name,Artist Name(s),Release Date,Duration (ms),Popularity,"
        "Explicit,Added By,Added At,Genres,Record Label,Danceability,Energy,Key,Loudness,Mode,"
        "Speechiness,Acousticness,Instrumentalness,Liveness,Valence,Tempo,Time Signature"
    ),
    "older Exportify": (
        "Spotify ID,Artist IDs,Track Name,Album Name,Artist Name(s),Release Date,Duration (ms),"
        "Popularity,Added By,Added At,Genres,Danceability,Energy,Key,Loudness,Mode,Speechiness,"
        "Acousticness,Instrumentalness,Liveness,Valence,Tempo,Time Signature"
    ),
    "Ultimate Spotify Tracks DB": (
        "genre,artist_name,track_name,track_id,popularity,acousticness,danceability,duration_ms,"
        "energy,instrumentalness,key,liveness,loudness,mode,speechiness,tempo,time_signature,valence"
    ),
    "Spotify 1.2M+ Songs": (
        "id,name,album,album_id,artists,artist_ids,track_number,disc_number,explicit,danceability,"
        "energy,key,loudness,mode,speechiness,acousticness,instrumentalness,liveness,valence,tempo,"
        "duration_ms,time_signature,year,release_date"
    ),
    "Spotify Tracks Dataset": (
        ",track_id,artists,album_name,track_name,popularity,duration_ms,explicit,danceability,energy,"
        "key,loudness,mode,speechiness,acousticness,instrumentalness,liveness,valence,tempo,"
        "time_signature,track_genre"
    ),
    "Chosic": (
        "#,Song,Artist,BPM,Camelot,Energy,Added At,Duration,Popularity,Genres,Album,Album Date,"
        "Dance,Acoustic,Instrumental,Valence,Speech,Live,Loud (Db),Key,Time Signature,"
        "Spotify Track Id,ISRC,Explicit"
    ),
    "Spotify's own reply": (
        "danceability,energy,key,loudness,mode,speechiness,acousticness,instrumentalness,liveness,"
        "valence,tempo,type,id,uri,track_href,analysis_url,duration_ms,time_signature"
    ),
    "spotifyr": (
        "playlist_id,danceability,energy,key,loudness,mode,speechiness,acousticness,"
        "instrumentalness,liveness,valence,tempo,track.id,analysis_url,time_signature,added_at,"
        "track.duration_ms,track.name,track.uri,key_name,mode_name,key_mode"
    ),
}


@pytest.mark.parametrize("name", KNOWN_FILES)
def test_the_headers_of_well_known_files_are_understood_whole(name):
    ids, found = find(KNOWN_FILES[name].split(","))
    assert ids
    assert set(found) == {*NEEDED, "key", "mode", "time_signature", "duration_ms"}


def test_an_error_names_what_is_lacking_and_what_is_there():
    with pytest.raises(InputError) as raised:
        find(["title", "bpm", "nrgy", "dnce", "dB", "live", "val", "dur", "acous", "a\nb"])
    text = str(raised.value)
    assert text.startswith(
        "songs.csv has no column for the track's id (track_id, track_uri, spotify_id, uri, id); "
        "danceability (danceability, danceability_%, dance); energy (energy, energy_%); "
    )
    assert text.endswith("'acous', 'a\N{REPLACEMENT CHARACTER}b'")
    assert "\n" not in text
    assert "tempo (" not in text


def test_an_error_stays_short_whatever_the_header():
    with pytest.raises(InputError, match=r"and 988 more$") as raised:
        find(["x" * 1000] * 1000)
    assert len(str(raised.value)) < 2000


def test_known_names_are_counted_by_field():
    assert count_known([]) == 0
    assert count_known(["id", "uri", "Energy", "energy_%", "name"]) == 2
