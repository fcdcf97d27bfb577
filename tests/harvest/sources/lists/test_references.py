import pytest

from harvest.sources.lists.references import Kind, Reference, reference

ID = "4uLU6hMCjMI75M1A2tKUQC"


@pytest.mark.parametrize(
    "text",
    [
        f"spotify:track:{ID}",
        f"spotify:track:{ID}?si=1a2b3c",
        f"spotify:track:{ID}#1:02",
        f" https://open.spotify.com/track/{ID} ",
        f"https://open.spotify.com/track/{ID}?si=1a2b3c",
        f"https://open.spotify.com/intl-pt-BR/track/{ID}?si=1&nd=1",
        f"http://open.spotify.com/embed/track/{ID}",
        f"open.spotify.com/track/{ID}#1:02",
        f"https://play.spotify.com/track/{ID}",
        f"https://api.spotify.com/v1/tracks/{ID}",
    ],
)
def test_a_track_is_known_by_any_of_its_addresses(text):
    assert reference(text) == Reference(Kind.TRACK, ID)


@pytest.mark.parametrize(
    "text",
    [
        f"spotify:episode:{ID}",
        f"https://open.spotify.com/episode/{ID}?si=1",
        f"https://open.spotify.com/intl-de/show/{ID}",
        f"spotify:chapter:{ID}",
    ],
)
def test_podcasts_and_audiobooks_are_no_songs(text):
    assert reference(text).kind is Kind.EPISODE


def test_a_local_file_says_its_names():
    found = reference("spotify:local:Sigur+R%C3%B3s:Takk...:Hopp%C3%ADpolla:268")
    assert (found.kind, found.artist, found.album) == (Kind.LOCAL, "Sigur Rós", "Takk...")
    assert (found.title, found.duration_s) == ("Hoppípolla", 268)


def test_a_local_file_may_say_little():
    assert reference("spotify:local:::Song+From+Computer:").title == "Song From Computer"
    address = "https://open.spotify.com/local/AC%2FDC/Back%20in%20Black/Hells%20Bells/312"
    assert reference(address).artist == "AC/DC"


def test_digits_alone_are_a_track_where_they_may_be():
    assert reference(ID, may_be_bare=True).spotify_id == ID
    assert reference(ID) is None


@pytest.mark.parametrize(
    "text", ["", "song.mp3", "spotify:track:null", f"spotify:album:{ID}", "undefined"]
)
def test_what_is_no_song_of_spotifys_is_none(text):
    assert reference(text, may_be_bare=True) is None
