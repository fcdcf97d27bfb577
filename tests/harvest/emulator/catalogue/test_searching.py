import numpy as np

from harvest.emulator.catalogue.searching import SearchIndex


def ranked(library, found):
    rows = [library.ids.index(each) for each in found]
    return [library.popularity[row] for row in rows]


def test_the_most_popular_come_first_and_no_more_than_a_hundred(library):
    index = SearchIndex(library)
    commonest = max(index._in_titles, key=lambda word: len(index._in_titles[word]))
    found = index.find(commonest)
    popularity = ranked(library, found)
    assert popularity == sorted(popularity, reverse=True)
    assert len(found) <= 100


def test_a_field_looks_nowhere_else(library):
    index = SearchIndex(library)
    artist = library.artist_names[library.artist_of[0]]
    found = index.find(f'artist:"{artist}"')
    assert found
    for spotify_id in found:
        row = library.ids.index(spotify_id)
        assert artist.split()[0] in library.artist_names[library.artist_of[row]]
    assert index.find("track:zzzz artist:qqqq") == []
    assert np.all([bool(each) for each in index.find("the")])
