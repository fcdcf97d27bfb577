import pytest

from harvest.sources.lists.collection import Gatherer
from harvest.sources.lists.finding import find_files
from harvest.sources.lists.pieces import Piece, piece_tables
from harvest.sources.lists.repeats import are_repeats, first_of_each

NAMED = "#EXTM3U\n#EXTINF:1,Artist 1 - Track 1\nx.mp3\n#EXTINF:1,Artist 2 - Track 2\ny.mp3\n"


def gather(*paths):
    gatherer = Gatherer()
    for path in paths:
        gatherer.add(piece_tables(Piece(find_files([path]).files)))
    return gatherer.gathered()


def test_another_name_or_order_is_another_playlist(lists):
    paths = [
        lists.uris("mine.txt", 1, 2),
        lists.uris("a/mine.txt", 2, 1),
        lists.uris("b.txt", 1, 2),
    ]
    own = gather(*paths)
    assert first_of_each(own).tolist() == [0, 1, 2]
    assert not are_repeats(own).any()


def test_the_first_of_equals_stays(lists):
    own = gather(lists.uris("a/mine.txt", 1, 2), lists.uris("b/Mine.txt", 1, 2))
    assert first_of_each(own).tolist() == [0, 0]
    assert are_repeats(own).tolist() == [False, True]


def test_the_one_with_more_ids_stays(lists):
    own = gather(lists.write("a/mine.m3u", NAMED), lists.table("b/mine.csv", 1, 2))
    assert are_repeats(own).tolist() == [True, False]


@pytest.mark.parametrize(
    "order", [(0, 1, 2), (1, 0, 2), (0, 2, 1), (1, 2, 0), (2, 0, 1), (2, 1, 0)]
)
def test_a_third_shows_that_two_are_the_same(lists, order):
    ids_alone, names_alone = lists.uris("a/mine.txt", 1, 2), lists.write("b/mine.m3u", NAMED)
    paths = [ids_alone, names_alone, lists.table("c/mine.csv", 1, 2)]
    own = gather(*(paths[number] for number in order))
    assert first_of_each(own).tolist() == [0, 0, 0]
    (stays,) = [number for number, goes in zip(order, are_repeats(own), strict=True) if not goes]
    assert stays != 1


def test_no_playlists_have_no_repeats():
    own = Gatherer().gathered()
    assert are_repeats(own).tolist() == []
