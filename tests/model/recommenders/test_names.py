from model.recommenders.names import NamedSongs


def test_a_name_that_names_an_artist_gives_their_songs(best):
    assert sorted(best(NamedSongs(), [], n=2, title="This is: Moby")[0]) == [4, 5]


def test_a_name_that_names_an_album_gives_its_songs(best):
    assert best(NamedSongs(), [], n=1, title="waterloo")[0] == [1]


def test_a_name_that_names_nobody_gives_the_most_popular_songs(best, unlike):
    assert best(NamedSongs(), [], n=2, title=unlike) == ([0, 1], [0, 0])
