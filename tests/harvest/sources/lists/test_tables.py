import unicodedata

import pytest

from harvest.sources.lists.entries import made_up_uri
from harvest.sources.lists.readings import NoPlaylistError
from harvest.sources.lists.tables import read_table
from tests.harvest.sources.lists.conftest import SOUND

ID, OTHER = "4uLU6hMCjMI75M1A2tKUQC", "0000000000000000000001"
NEW = (
    '"Track URI","Track Name","Album Name","Artist Name(s)","Release Date","Duration (ms)",'
    '"Popularity","Explicit","Added By","Added At","Genres","Record Label","Danceability","Energy",'
    '"Key","Loudness","Mode","Speechiness","Acousticness","Instrumentalness","Liveness","Valence",'
    '"Tempo","Time Signature"\n'
)


def read(text):
    return read_table(text, name="file")


def test_the_new_layout_is_read_with_its_audio_features():
    row = (
        f'"spotify:track:{ID}","Never, Gonna","Whenever","Rick Astley,B","1987",213000,80,false,"",'
        f'"2021-05-01T10:00:00Z","","",{SOUND}\n'
    )
    bare = f'"spotify:track:{OTHER}","T","L","A","1987",1000,0,false,"","","","",,,,,,,,,,,,\n'
    reading = read(NEW + row + bare)
    (playlist,) = reading.playlists
    assert (playlist.name, playlist.modified_at) == ("file", 1_619_863_200)
    first, _ = playlist.tracks
    assert (first.track_name, first.artist_name) == ("Never, Gonna", "Rick Astley")
    assert first.duration_ms == 213_000
    (features,) = reading.features
    assert (features.spotify_id, features.valence, features.key) == (ID, 0.9, 8)


def test_a_quote_that_nothing_closes_costs_no_track():
    titles = ["x", '"Heroes', "y", '12" single', "z"]
    rows = [f"spotify:track:{n:022d},{title},A\n" for n, title in enumerate(titles)]
    reading = read("Track URI,Track Name,Artist Name(s)\n" + "".join(rows))
    assert [track.track_name for track in reading.playlists[0].tracks] == titles
    assert not reading.tallies


STRAY = ['"Track URI,Track Name,Artist Name(s)', 'Track URI,"Track Name,Artist Name(s)']
STRAY += ['Track URI,Track Name,"Artist Name(s)', '"Track URI","Track Name","Artist Name(s)']
STRAY += ['Track URI,Track Name",Artist Name(s)', 'Track "URI,Track Name,Artist Name(s)']


@pytest.mark.parametrize("quoted", [(), (0,), (3,), (0, 1, 2, 3)])
@pytest.mark.parametrize("header", STRAY)
def test_a_stray_quote_in_the_header_costs_no_track(header, quoted):
    titles = [f'"{title}, 2"' if n in quoted else title for n, title in enumerate("abcd")]
    rows = [f"spotify:track:{n:022d},{title},A" for n, title in enumerate(titles)]
    reading = read("\n".join([header, *rows, ""]))
    (listed,) = reading.playlists
    assert [track.track_name for track in listed.tracks] == [t.strip('"') for t in titles]
    assert not reading.tallies


def test_a_header_over_lines_is_read_as_ever():
    text = f'\n"Track\nURI",Track Name,"Artist\nName(s)"\nspotify:track:{ID},a,A\n'
    (listed,) = read(text).playlists
    assert [track.track_name for track in listed.tracks] == ["a"]


def test_the_oldest_layout_is_read():
    reading = read(
        '"Spotify URI","Track Name","Artist Name","Album Name","Disc Number","Track Number",'
        '"Track Duration (ms)","Added By","Added At"\n'
        f'"spotify:track:{ID}","T","Earth, Wind & Fire","L","1","2","1000","x",""\n'
    )
    (track,) = reading.playlists[0].tracks
    assert (track.artist_name, track.duration_ms) == ("Earth, Wind & Fire", 1000)


def test_the_layout_with_ids_alone_is_read():
    reading = read(
        "Spotify ID,Artist IDs,Track Name,Album Name,Artist Name(s),Release Date,Duration (ms)\n"
        f'{ID},"{OTHER},{ID}","T","L","Tyler, The Creator,Kali Uchis",2017,1000\n'
    )
    (track,) = reading.playlists[0].tracks
    assert track.track_uri == f"spotify:track:{ID}"
    assert track.artist_uri == f"spotify:artist:{OTHER}"
    assert track.artist_name == "Tyler, The Creator"


def test_the_layout_that_names_the_playlist_and_all_uris_is_read():
    reading = read(
        '"Playlist name","Track URI","Track Name","Artist URI(s)","Artist Name(s)","Album URI"\n'
        f'"One","spotify:track:{ID}","T","spotify:artist:{ID}, spotify:artist:{OTHER}",'
        f'"Tyler\\, The Creator, Kali Uchis","spotify:album:{OTHER}"\n'
        f'"Two","spotify:track:{OTHER}","U","spotify:artist:{ID}","A","spotify:album:{OTHER}"\n'
    )
    assert [each.name for each in reading.playlists] == ["One", "Two"]
    track = reading.playlists[0].tracks[0]
    assert (track.artist_name, track.artist_uri) == ("Tyler, The Creator", f"spotify:artist:{ID}")
    assert track.album_uri == f"spotify:album:{OTHER}"


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_other_delimiters_and_decimal_commas_are_understood(delimiter):
    header = NEW.replace('"', "").replace(",", delimiter)
    row = [f"spotify:track:{ID}", "T", "L", "A", "", "1000", "", "", "", "", "", ""]
    row += [cell.replace(".", ",") for cell in SOUND.split(",")]
    reading = read(header + delimiter.join(row) + "\n")
    (features,) = reading.features
    assert features.tempo == 113.3


@pytest.mark.parametrize("above", ["Shazam Library\n", "Playlist:;Mine\r\n\r\n", "# a, b\rc\r"])
def test_lines_may_stand_above_the_header(above):
    text = (
        f'{above}Index,TagTime,Title,Artist,URL,TrackKey\n"1","2023-03-04","Nude","Radiohead",,5\n'
    )
    (playlist,) = read_table(text, name="x").playlists
    assert [(t.artist_name, t.track_name) for t in playlist.tracks] == [("Radiohead", "Nude")]


def test_a_long_line_below_the_first_makes_no_damaged_table():
    with pytest.raises(NoPlaylistError):
        read_table(f"Radio\n{'x' * 200_000}\n", name="x")


def test_excel_may_say_the_delimiter():
    reading = read(f"sep=;\r\nTrack URI;Track Name\r\nspotify:track:{ID};T\r\n")
    assert reading.playlists[0].tracks[0].track_name == "T"


def test_local_files_podcasts_removed_and_undefined():
    rows = [
        "spotify:local:Nude+Band:LP:Song:60,Song,Nude Band",
        ",Only,Names",
        "undefined,,",
        f"spotify:episode:{ID},E,S",
        f"spotify:track:{ID},,",
    ]
    reading = read("Track URI,Track Name,Artist Name(s)\n" + "\n".join(rows))
    assert [t.track_uri for t in reading.playlists[0].tracks] == [
        made_up_uri("track", "Nude Band", "Song"),
        made_up_uri("track", "Names", "Only"),
        f"spotify:track:{ID}",
    ]
    assert reading.tallies == {"episodes": 1, "nameless": 1}


def test_a_table_without_ids_is_read_by_names():
    reading = read("title;artist;album;isrc\nT;A;L;XX\n")
    assert reading.playlists[0].tracks[0].track_uri == made_up_uri("track", "A", "T")


@pytest.mark.parametrize(
    "header",
    [
        "Titre,Artiste,Album",
        "Titel,Künstler,Album",
        "TITEL,INTERPRET,ALBUM",
        "Título,Artista,Álbum",
        "Titolo,Artista,Album",
        "Nome da música,Nome do artista,Nome do álbum",
        "Titel van nummer,Artiest,Albumtitel",
        "Songtitel,Name des Künstlers 1,Albumtitel",
        "Titre du morceau,Nom de l’artiste,Titre de l’album",
    ],
)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_headers_in_other_languages_are_understood(header, form):
    (playlist,) = read(unicodedata.normalize(form, f"{header}\nT,A,L\n")).playlists
    (track,) = playlist.tracks
    assert (track.track_name, track.artist_name, track.album_name) == ("T", "A", "L")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Titre;Auteur;Album\nT;A;L\n", "'Titre', 'Auteur', 'Album'; wanted are one of titles"),
        ("Title,URL address\nT,x\n", "'Title', 'URL address'; wanted"),
    ],
)
def test_of_a_table_that_is_not_understood_the_columns_are_named_and_those_wanted(text, named):
    with pytest.raises(NoPlaylistError, match=f"its columns are {named}"):
        read(text)


def test_a_text_that_is_no_table_has_no_columns():
    with pytest.raises(NoPlaylistError, match=r"a table of one$"):
        read("hello world\n")


@pytest.mark.parametrize(
    ("artist_columns", "artists"),
    [("Artist Names", "Nina Simone"), ("Artist Name 1,Artist Name 2", "Nina Simone,Hal Mooney")],
)
def test_youtube_musics_songs_are_read_by_names(artist_columns, artists):
    (playlist,) = read(
        f"Song URL,Song Title,Album Title,{artist_columns}\n"
        f"https://music.youtube.com/watch?v=x,Sinnerman,Pastel Blues,{artists}\n"
    ).playlists
    (track,) = playlist.tracks
    assert track.track_uri == made_up_uri("track", "Nina Simone", "Sinnerman")
    assert track.album_name == "Pastel Blues"


def test_a_row_that_cannot_be_read_costs_no_other():
    reading = read(f"Track URI,Track Name\nspotify:track:{ID}\nspotify:track:{ID},T\n")
    assert reading.tallies == {"rows": 1}
    assert len(reading.playlists[0].tracks) == 1


@pytest.mark.parametrize("rows", ["", ",\n", "x\n"])
def test_a_header_alone_is_a_playlist_without_songs(rows):
    (playlist,) = read(f"Track URI,Track Name\n{rows}").playlists
    assert (playlist.name, playlist.tracks) == ("file", [])


@pytest.mark.parametrize("text", ["hello world", "a,b,c\n1,2,3\n", "name,age\nx,5\n"])
def test_other_texts_are_refused(text):
    with pytest.raises(NoPlaylistError, match="neither a playlist nor a table"):
        read(text)


@pytest.mark.parametrize("reference", ["", f"spotify:track:{ID}"])
def test_a_comma_within_a_number_parts_no_artist(reference):
    cells = f'{reference},These Are Days,"10,000 Maniacs"\n'
    (playlist,) = read(f"Track URI,Track Name,Artist Name(s)\n{cells}").playlists
    assert [track.artist_name for track in playlist.tracks] == ["10,000 Maniacs"]


def test_where_each_artist_has_a_column_a_comma_parts_none():
    header = "Song Title,Artist Name 1,Artist Name 2\n"
    (playlist,) = read(f'{header}Karn Evil 9,"Emerson,Lake & Palmer",B\n').playlists
    assert [track.artist_name for track in playlist.tracks] == ["Emerson,Lake & Palmer"]


@pytest.mark.parametrize(
    ("title", "artist"),
    [("None", "Mitski"), ("NaN", "Foo"), ("N/A", "Baz"), ("Ok", "Undefined"), ("Hey", "Null")],
)
@pytest.mark.parametrize("reference", ["", f"spotify:track:{ID}"])
def test_a_word_for_nothing_is_a_name_beside_a_name(reference, title, artist):
    rows = f"{reference},{title},{artist}\n"
    (playlist,) = read(f"Track URI,Track Name,Artist Name(s)\n{rows}").playlists
    assert [(t.artist_name, t.track_name) for t in playlist.tracks] == [(artist, title)]


def test_words_for_nothing_alone_name_nothing():
    reading = read("Track URI,Track Name,Artist Name(s)\n,Undefined,Null\nnone,nan,\n")
    assert reading.tallies == {"nameless": 2}


def test_audio_features_that_cannot_be_used_are_counted_and_those_not_there_are_not():
    head = (
        "Track URI,Track Name,Artist Name(s),Duration (ms),Danceability,Energy,Key,Loudness,Mode,"
    )
    head += "Speechiness,Acousticness,Instrumentalness,Liveness,Valence,Tempo,Time Signature\n"
    songs = [f"spotify:track:{n:022d},T,A,213000" for n in range(4)]
    sound = f"{songs[0]},{SOUND}\n"
    impossible = f"{songs[1]},{SOUND.replace('0.7', '7')}\n"
    incomplete = f"{songs[2]},{SOUND.replace('0.7', '')}\n"
    bare = f"{songs[3]},{',' * 11}\n"
    reading = read(head + sound + impossible + incomplete + bare)
    assert (len(reading.playlists[0].tracks), len(reading.features)) == (4, 1)
    assert reading.tallies == {"features": 2}


@pytest.mark.parametrize(
    ("header", "cell", "duration_ms"),
    [
        ("Time", "04:15", 255_000),
        ("Length", "1:00:01", 3_601_000),
        ("Duration", "4:15", 255_000),
        ("Duration", "255", 0),
        ("Time", "17 Jan 2020 12:34", 0),
    ],
)
def test_a_length_may_be_given_as_a_clock_does(header, cell, duration_ms):
    (playlist,) = read_table(f"Title,Artist,{header}\nNude,Radiohead,{cell}\n", name="x").playlists
    assert [track.duration_ms for track in playlist.tracks] == [duration_ms]


def test_a_length_of_which_a_point_may_part_the_thousands_is_unknown():
    (playlist,) = read_table("Title;Artist;Duration (ms)\nT;A;215.000\n", name="one").playlists
    assert playlist.tracks[0].duration_ms == 0
