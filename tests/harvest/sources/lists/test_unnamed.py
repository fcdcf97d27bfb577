import pytest

from harvest.sources.lists.formats import read_list
from harvest.sources.lists.readings import NoPlaylistError
from harvest.sources.lists.unnamed import NOTE, read_unnamed

ID, OTHER = "4uLU6hMCjMI75M1A2tKUQC", "7GhIk7Il098yCjg4BQjzvb"
URIS = [f"spotify:track:{ID}", f"spotify:track:{OTHER}"]


def uris(text):
    (playlist,) = read_list(text.encode(), name="file").playlists
    return [track.track_uri for track in playlist.tracks]


@pytest.mark.parametrize(
    "text",
    [
        f"{ID}\n{OTHER}\n",
        f'"{ID}"\r\n"{OTHER}"\r\n',
        f"My songs\n{ID}\n{OTHER}\n",
        f"{URIS[0]},Nude,Radiohead\n{URIS[1]},Jóga,Björk\n",
        f"Nude;Radiohead;https://open.spotify.com/track/{ID}?si=1\nJóga;Björk;{URIS[1]}\n",
        f"曲名\tアーティスト\tリンク\n夜\tA\t{URIS[0]}\n朝\tB\t{URIS[1]}\n",
        f'"One, Two",A,{ID},200\n"Three",B,{OTHER},190\n',
    ],
)
def test_the_column_of_ids_is_found_by_its_cells(text):
    assert uris(text) == URIS


def test_what_is_read_is_told_and_what_has_no_id_is_counted():
    text = f"Nude,Radiohead,{URIS[0]}\nJóga,Björk,\nT,A,{URIS[1]}\none,two\n"
    reading = read_unnamed(text, name="x")
    assert (reading.notes, reading.tallies) == ([NOTE], {"nameless": 1, "rows": 1})


def test_a_first_song_without_an_id_is_no_header():
    reading = read_unnamed(f"Nude,Radiohead,\nJóga,Björk,{URIS[0]}\n", name="x")
    assert reading.tallies == {"nameless": 1}


@pytest.mark.parametrize(
    "text",
    [
        "Radiohead,Nude\nBjörk,Jóga\n",
        f"{ID}\n",
        "electroencephalographs\nelectroencephalographs\n",
        f"{ID},{OTHER}\n{OTHER},{ID}\n",
        f"{URIS[0]},{URIS[1]}\n",
        f"A,{URIS[0]}\nB,spotify:album:{ID}\n",
        f"Listen to {URIS[0]}, please\n",
    ],
)
def test_what_is_not_certain_is_not_read(text):
    with pytest.raises(NoPlaylistError, match="neither a playlist nor a table of one"):
        read_list(text.encode(), name="x")


def test_a_table_of_names_without_a_header_is_told_to_have_one():
    with pytest.raises(NoPlaylistError, match="write a header above it, such as Title,Artist"):
        read_list(b"Radiohead,Nude\nCher,Believe\n", name="x")
