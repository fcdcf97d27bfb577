"""Which columns of a table tell of tracks: by their names, in English and some other languages.

Of a name its letters and digits alone count, and no accents. The other languages are those in which
Exportify, Deezer, Apple Music and Google Takeout write headers for many people.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from harvest.sources.feature_columns import ID_NAMES, listed, normal

Columns = Mapping[str, Sequence[int]]

# The preferred first. Old layouts of Exportify name a single artist and the "Spotify URI", YouTube
# Music's songs the "Song Title" and each artist in a column.
NAMES: Mapping[str, Sequence[str]] = MappingProxyType(
    {
        "reference": ID_NAMES,
        "title": (
            *("track_name", "track_title", "title"),
            *("song_name", "song_title", "song", "track", "name"),
        ),
        "artist": (
            *("artist_name(s)", "artist_name", "artist_name_1"),
            *("artists", "artist", "track_artist", "creator"),
        ),
        "first_artist": ("artist_name_1",),
        "artist_uri": ("artist_uri(s)", "artist_uri", "artist_ids", "artist_id"),
        "album": ("album_name", "album_title", "album"),
        "album_uri": ("album_uri", "album_id"),
        "duration": ("track_duration_(ms)", "duration_(ms)", "duration_ms", "length_ms"),
        "length": ("duration", "length", "time", "track_duration", "track_length", "playtime"),
        "added_at": ("added_at", "date_added", "added_date"),
        "playlist": ("playlist_name", "playlist"),
    }
)

# French, German, Spanish, Italian, Portuguese, Dutch. "Nummer" is no title: it may be a number.
_ELSEWHERE: Mapping[str, Sequence[str]] = MappingProxyType(
    {
        "title": (
            *("titre", "titre du morceau", "titre de la chanson", "titre du titre"),
            *("nom du titre", "nom du morceau", "nom de la chanson", "morceau", "chanson"),
            *("titel", "songtitel", "liedtitel", "musiktitel", "titelname", "songname", "lied"),
            *("título", "título de la canción", "título de canción", "nombre de la canción"),
            *("canción", "nombre de la pista", "título de la pista", "pista"),
            *("titolo", "titolo del brano", "titolo brano", "nome del brano", "nome brano"),
            *("brano", "canzone", "titolo della canzone", "nome traccia", "traccia"),
            *("título da música", "título da faixa", "nome da música", "nome da faixa"),
            *("música", "faixa"),
            *("titel van nummer", "titel van het nummer", "nummertitel", "naam van nummer"),
            *("naam van het nummer", "tracknaam", "tracktitel"),
        ),
        "artist": (
            *("artiste", "artistes", "nom de l'artiste", "nom(s) de l'artiste", "interprète"),
            *("Künstler", "Künstlername", "Name des Künstlers", "Kuenstler"),
            *("Interpret", "Interpreten", "Interpret(en)"),
            *("artista", "artistas", "nombre del artista", "nombre de artista", "intérprete"),
            *("artisti", "nome dell'artista", "nome artista"),
            *("nome do artista", "nome(s) do(s) artista(s)", "nome dos artistas"),
            *("artiest", "artiesten", "naam artiest", "naam van artiest", "artiestnaam"),
            *("naam van de artiest", "uitvoerder"),
        ),
        "first_artist": (
            *("Nom de l'artiste 1", "Name des Künstlers 1", "Künstlername 1"),
            *("Nombre del artista 1", "Nombre de artista 1", "Nome dell'artista 1"),
            *("Nome artista 1", "Nome do artista 1", "Naam artiest 1", "Naam van artiest 1"),
        ),
        "album": (
            *("titre de l'album", "nom de l'album", "Albumtitel", "Albumname"),
            *("título del álbum", "nombre del álbum", "titolo dell'album", "titolo album"),
            *("nome dell'album", "nome album", "título do álbum", "nome do álbum", "albumnaam"),
        ),
    }
)


def columns_of(names: Sequence[str]) -> Columns:
    """Return the places of the columns of each field, the preferred first.

    >>> found = columns_of(["Titre", "Artiste"])
    >>> found["title"], found["artist"], found["reference"]
    ([0], [1], [])
    """
    places: dict[str, int] = {}
    for index, name in enumerate(names):
        places.setdefault(_plain(name), index)
    return {
        field: list(dict.fromkeys(places[key] for key in known if key in places))
        for field, known in _KNOWN.items()
    }


def name_tracks(columns: Columns) -> bool:
    """Say whether columns name tracks: by their ids, or by artist and title."""
    return bool(columns["reference"] or (columns["title"] and columns["artist"]))


def what_is_wanted(names: Sequence[str]) -> str:
    """Say what columns there are and which are wanted; empty where a text is no table at all."""
    if len(names) < 2:
        return ""
    return (
        f": its columns are {listed(names)}; wanted are one of titles (such as Title) and one of "
        "artists (such as Artist), or one of Spotify's ids; where the first line is a song, write "
        "a header above it, such as Title,Artist"
    )


def _plain(name: str) -> str:
    """Return what counts of a name; marks above letters, once they stand alone, are no letters."""
    return normal(unicodedata.normalize("NFKD", name))


def _known(field: str) -> list[str]:
    elsewhere = _ELSEWHERE.get(field, ())
    if field == "artist":
        elsewhere = (*elsewhere, *_ELSEWHERE["first_artist"])
    return [_plain(name) for name in (*NAMES[field], *elsewhere)]


_KNOWN: Mapping[str, Sequence[str]] = MappingProxyType({field: _known(field) for field in NAMES})
