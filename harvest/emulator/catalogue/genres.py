"""Made-up genres: how each one sounds, is tagged and is talked about."""

from dataclasses import dataclass

GENERAL_TAGS = (
    "seen live",
    "favorites",
    "love",
    "awesome",
    "female vocalists",
    "male vocalists",
    "00s",
    "10s",
    "singer-songwriter",
    "american",
    "british",
)


@dataclass(frozen=True, slots=True)
class Genre:
    """One made-up genre.

    Parameters
    ----------
    name : str
        Its main tag.
    weight : float
        Its share of playlists, before scaling.
    danceability, energy, speechiness, acousticness, instrumentalness, liveness, valence : float
        Its typical value, in (0, 1).
    loudness_db, tempo_bpm, minutes : float
        Its typical loudness, tempo and duration.
    major_share : float
        Share of its tracks in a major key, 0 … 1.
    tags : tuple of str
        What listeners call it besides, most used first.
    playlist_words : tuple of str
        What its playlists are called.
    """

    name: str
    weight: float
    danceability: float
    energy: float
    speechiness: float
    acousticness: float
    instrumentalness: float
    liveness: float
    valence: float
    loudness_db: float
    tempo_bpm: float
    minutes: float
    major_share: float
    tags: tuple[str, ...]
    playlist_words: tuple[str, ...]


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(","))


# fmt: off
GENRES = (
    Genre("pop", 1.5, .66, .70, .06, .14, .0002, .14, .55, -5.5, 118, 3.6, .62,
          _words("dance, catchy, pop rock, electropop, teen pop, party"),
          _words("Pop, Pop Hits, Top 40, Radio, Pop 2016, Guilty Pleasures")),
    Genre("rap", 1.5, .74, .64, .21, .13, .0001, .16, .48, -6.5, 128, 3.9, .55,
          _words("hip-hop, hip hop, trap, underground hip-hop, west coast, gangsta rap"),
          _words("Rap, Hip Hop, Trap, Mixtape, Old School Rap, Bars")),
    Genre("rock", 1.3, .50, .80, .05, .06, .002, .17, .52, -6.8, 126, 4.1, .68,
          _words("classic rock, hard rock, alternative rock, 80s, 70s, guitar"),
          _words("Rock, Classic Rock, 80s Rock, Rock On, Dad Rock, Guitar")),
    Genre("country", 1.2, .58, .70, .04, .20, .0001, .15, .60, -6.2, 124, 3.5, .88,
          _words("modern country, southern, americana, contemporary country, honky tonk"),
          _words("Country, Country Jams, Country Roads, Boots, Red Dirt, Country Summer")),
    Genre("indie", 1.1, .54, .60, .05, .27, .02, .14, .45, -7.8, 121, 3.9, .66,
          _words("indie rock, indie pop, alternative, dream pop, lo-fi"),
          _words("Indie, Indie Rock, Hipster, Alternative, Indie Folk, Indie Vibes")),
    Genre("electronic", .9, .68, .79, .07, .05, .25, .18, .40, -6.0, 127, 4.6, .52,
          _words("house, techno, edm, electro, trance, dubstep"),
          _words("EDM, House, Electronic, Rave, Techno, Festival")),
    Genre("metal", .6, .42, .92, .09, .005, .03, .21, .33, -5.2, 131, 4.7, .55,
          _words("heavy metal, metalcore, death metal, thrash metal, hardcore"),
          _words("Metal, Heavy, Metalcore, Headbang, Heavy Metal")),
    Genre("soul", .8, .65, .52, .06, .35, .001, .14, .60, -9.0, 108, 3.9, .56,
          _words("rnb, motown, funk, soul jazz, neo-soul, oldies"),
          _words("R&B, Soul, Slow Jams, Motown, Throwback R&B, Smooth")),
    Genre("latin", .8, .72, .76, .07, .20, .0002, .16, .70, -5.3, 112, 3.7, .58,
          _words("reggaeton, salsa, latin pop, bachata, spanish"),
          _words("Latin, Reggaeton, Español, Salsa, Bachata, Latino")),
    Genre("classical", .4, .28, .12, .04, .96, .86, .11, .18, -22.0, 95, 4.9, .70,
          _words("instrumental, piano, orchestral, baroque, romantic, composers"),
          _words("Classical, Piano, Study Music, Focus, Instrumental")),
    Genre("folk", .7, .50, .36, .04, .72, .01, .12, .40, -11.5, 117, 3.8, .76,
          _words("acoustic, singer-songwriter, folk rock, mellow, traditional"),
          _words("Folk, Acoustic, Campfire, Coffee Shop, Rainy Day")),
    Genre("christian", .5, .50, .63, .04, .18, .0002, .18, .38, -7.0, 122, 4.3, .84,
          _words("worship, gospel, christian rock, praise, contemporary christian"),
          _words("Worship, Jesus, Christian, Praise, Gospel")),
)
# fmt: on
