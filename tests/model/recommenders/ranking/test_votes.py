import numpy as np

from model.ragged import Ragged
from model.recommenders.ranking.votes import VOTING, first_by_votes
from model.recommenders.spreading import Weighted


def found(*lists):
    rows = Ragged.of([np.array(one, dtype=np.int64) for one in lists])
    return Weighted.of(rows, np.ones(len(rows.values)), VOTING + 10)


def test_what_two_lists_put_first_stands_before_what_one_does():
    # 1/61 + 1/62 > 1/61 + 1/63 > 1/61.
    best = first_by_votes([found([5, 1, 2], [3]), found([1, 3, 5], [])], 2)
    assert [row.tolist() for row in best] == [[1, 5], [3]]


def test_equal_votes_go_to_the_lower_number():
    assert first_by_votes([found([7]), found([2])], 2)[0].tolist() == [2, 7]


def test_places_far_behind_do_not_vote():
    many = np.arange(VOTING + 5)
    assert len(first_by_votes([found(many)], VOTING + 5)[0]) == VOTING


def test_a_row_does_not_depend_on_what_else_is_asked():
    lists = [found([5, 1, 2], [3, 4]), found([1, 3, 5], [4])]
    alone = [
        Weighted.of(one.lists.take(np.array([1])), np.ones(n), one.n_numbers)
        for one, n in zip(lists, (2, 1), strict=True)
    ]
    assert first_by_votes(alone, 2)[0].tolist() == first_by_votes(lists, 2)[1].tolist()
