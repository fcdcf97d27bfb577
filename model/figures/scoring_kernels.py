"""The figures of `scoring.score_songs`, of many lists at once: compiled, without checks.

A song named again in a list is passed over. What is written to comes last: `marks`, a 0 for every
song (or artist), which say in which list it was last true or had its turn, so that they are never
cleared; and the figures. Constants are handed in: a change of one elsewhere would not reach machine
code that was kept.
"""

from model.compiling import compiled
from model.ragged import FloatArray, IntArray, SongArray


@compiled
def count_common(
    indptr: IntArray,
    songs: SongArray,
    truth_indptr: IntArray,
    truth: SongArray,
    marks: SongArray,
    counts: IntArray,
) -> None:
    """Count the different songs of each list, and those that its truth holds.

    `counts` has two columns of 0.
    """
    for row in range(len(counts)):
        is_true, is_done = 2 * row + 1, 2 * row + 2
        for song in truth[truth_indptr[row] : truth_indptr[row + 1]]:
            marks[song] = is_true
        for song in songs[indptr[row] : indptr[row + 1]]:
            counts[row, 0] += marks[song] != is_done
            counts[row, 1] += marks[song] == is_true
            marks[song] = is_done


@compiled
def score_r_precision(
    indptr: IntArray,
    songs: SongArray,
    truth_indptr: IntArray,
    truth: SongArray,
    artists: IntArray,
    credit: float,
    marks: SongArray,
    artist_marks: SongArray,
    missed: IntArray,
    scores: FloatArray,
) -> None:
    """Write the R-precision of each list, with credit for artists, where there is a truth.

    `missed` has room for the longest truth.
    """
    for row in range(len(scores)):
        is_true, is_done = 2 * row + 1, 2 * row + 2
        for song in truth[truth_indptr[row] : truth_indptr[row + 1]]:
            marks[song] = is_true
            artist_marks[artists[song]] = is_true
        n_truth = truth_indptr[row + 1] - truth_indptr[row]
        n_hits = n_missed = 0
        for song in songs[indptr[row] : indptr[row + 1]]:
            if n_hits + n_missed == n_truth:
                break
            if marks[song] == is_true:
                artist_marks[artists[song]] = is_done
                n_hits += 1
            elif marks[song] != is_done:
                missed[n_missed] = artists[song]
                n_missed += 1
            marks[song] = is_done
        if n_truth > 0:
            n_artists = _count_marked(missed[:n_missed], artist_marks, is_true, is_done)
            scores[row] = (n_hits + credit * n_artists) / n_truth


@compiled
def score_ranking(
    indptr: IntArray,
    songs: SongArray,
    truth_indptr: IntArray,
    truth: SongArray,
    discounts: FloatArray,
    best_gains: FloatArray,
    songs_per_click: int,
    clicks_without_hit: float,
    marks: SongArray,
    scores: FloatArray,
) -> None:
    """Write recall, NDCG and clicks of each list where there is a truth, in three columns.

    NDCG and clicks look at as many places as there are discounts; the best gains are their sums.
    """
    for row in range(len(scores)):
        is_true, is_done = 2 * row + 1, 2 * row + 2
        n_truth = 0
        for song in truth[truth_indptr[row] : truth_indptr[row + 1]]:
            n_truth += marks[song] != is_true
            marks[song] = is_true
        if n_truth == 0:
            continue
        n_hits, place, gain, clicks = 0, 0, 0.0, clicks_without_hit
        for song in songs[indptr[row] : indptr[row + 1]]:
            if marks[song] == is_done:
                continue
            if marks[song] == is_true:
                if place < len(discounts):
                    gain += discounts[place]
                    clicks = min(clicks, place // songs_per_click)
                n_hits += 1
            marks[song] = is_done
            place += 1
        scores[row, 0] = n_hits / n_truth
        scores[row, 1] = gain / best_gains[min(n_truth, len(discounts)) - 1]
        scores[row, 2] = clicks


@compiled
def _count_marked(artists: IntArray, marks: SongArray, is_true: int, is_done: int) -> int:
    """Count the different artists that are true and have not had their turn."""
    count = 0
    for artist in artists:
        if marks[artist] == is_true:
            marks[artist] = is_done
            count += 1
    return count
