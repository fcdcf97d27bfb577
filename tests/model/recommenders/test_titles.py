from model.recommenders.titles import TitleNeighbours


def test_songs_of_playlists_of_that_name_come_first(best):
    songs, scores = best(TitleNeighbours(), [], n=4, title="rock")
    assert songs == [0, 1, 2, 3]
    assert scores[0] == scores[1] > scores[2] == scores[3] > 0


def test_a_sign_in_a_name_is_looked_for_too(best):
    assert sorted(best(TitleNeighbours(), [], n=2, title="💤")[0]) == [4, 5]


def test_a_name_that_is_like_none_gives_the_most_popular_songs(best, unlike):
    assert best(TitleNeighbours(), [], n=2, title=unlike) == ([0, 1], [0, 0])
