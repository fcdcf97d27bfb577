import numpy as np

from harvest.emulator.catalogue.similars import Similars


def test_a_track_is_never_similar_to_itself_and_the_list_is_stable(library):
    similars = Similars(library)
    listed = similars.similar(5, 50)
    assert 5 not in [row for row, _ in listed]
    assert listed == similars.similar(5, 50)


def test_a_recording_is_listed_once_though_several_ids_bear_it(library):
    similars = Similars(library)
    for row in list(library.row_of.values())[::10]:
        listed = [other for other, _ in similars.similar(row, 50)] + [row]
        names = [(library.artist_of[n], library.lastfm_titles[n].casefold()) for n in listed]
        assert len(set(names)) == len(names)


def test_similar_tracks_are_mostly_of_the_same_genre(songs, library):
    similars = Similars(library)
    same = [
        songs.genre_of[row] == songs.genre_of[other]
        for row in range(0, len(songs.ids), 20)
        for other, _ in similars.similar(row, 20)
    ]
    assert np.mean(same) > 0.8


def test_an_artist_without_tags_is_alike_only_to_itself(library):
    bare = Similars(_without_tags(library))
    artist = library.artist_of[0]
    assert {library.artist_of[row] for row, _ in bare.similar(0, 50)} <= {artist}


def _without_tags(library):
    from dataclasses import replace

    return replace(library, artist_tags=[()] * len(library.artist_names))
