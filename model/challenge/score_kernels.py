"""The figures of `definitions` of many lists at once: compiled, without checks.

`marks` and `artist_marks`, a 0 for every song and artist, say in which list each was last true or
had its turn, so that they are never cleared.
"""

from model.compiling import compiled
from model.ragged import FloatArray, IntArray, SongArray


@compiled
def score_lists(
    indptr: IntArray,
    songs: SongArray,
    truth_indptr: IntArray,
    truth: SongArray,
    artists: IntArray,
    discounts: FloatArray,
    best_gains: FloatArray,
    credit: float,
    songs_per_click: int,
    clicks_without_hit: float,
    is_rules: bool,
    marks: SongArray,
    artist_marks: SongArray,
    scores: FloatArray,
) -> None:
    """Write the figures of each list where there is a truth.

    `scores` has four columns: R-precision, that of tracks alone, NDCG, clicks. As many places count
    as there are discounts; `best_gains` are the sums of these, 0 first.
    """
    for row in range(len(scores)):
        is_true, is_done = 2 * row + 1, 2 * row + 2
        listed = songs[indptr[row] : min(indptr[row + 1], indptr[row] + len(discounts))]
        n_truth = _mark_truth(
            truth[truth_indptr[row] : truth_indptr[row + 1]], artists, is_true, marks, artist_marks
        )
        if n_truth > 0:
            n_artists = _credit_artists(
                listed[:n_truth], artists, is_rules, is_true, is_done, marks, artist_marks
            )
            n_top, n_hits, gain, first = _find_hits(
                listed, n_truth, discounts, is_true, is_done, marks
            )
            n_ideal = n_hits if is_rules else min(n_truth, len(discounts))
            scores[row, 0] = (n_top + credit * n_artists) / n_truth
            scores[row, 1] = n_top / n_truth
            scores[row, 2] = gain / best_gains[n_ideal] if n_hits > 0 else 0.0
            scores[row, 3] = first // songs_per_click if n_hits > 0 else clicks_without_hit


@compiled
def _mark_truth(
    truth: SongArray, artists: IntArray, is_true: int, marks: SongArray, artist_marks: SongArray
) -> int:
    """Mark the songs that are to be found and their artists; count the different songs."""
    n_truth = 0
    for song in truth:
        n_truth += marks[song] != is_true
        marks[song] = is_true
        if artists[song] >= 0:
            artist_marks[artists[song]] = is_true
    return n_truth


@compiled
def _credit_artists(
    top: SongArray,
    artists: IntArray,
    is_rules: bool,
    is_true: int,
    is_done: int,
    marks: SongArray,
    artist_marks: SongArray,
) -> int:
    """Count the different true artists that these songs name: by the rules all, else the misses."""
    n_artists = 0
    for song in top:
        artist = artists[song]
        if artist >= 0 and artist_marks[artist] == is_true and (is_rules or marks[song] != is_true):
            artist_marks[artist] = is_done
            n_artists += 1
    return n_artists


@compiled
def _find_hits(
    listed: SongArray,
    n_truth: int,
    discounts: FloatArray,
    is_true: int,
    is_done: int,
    marks: SongArray,
) -> tuple[int, int, float, int]:
    """Count the hits at the top and in all, add up their gain, and give the place of the first."""
    n_top, n_hits, rank, gain, first = 0, 0, 0, 0.0, -1
    for place in range(len(listed)):
        song = listed[place]
        if marks[song] == is_true:
            n_top += place < n_truth
            n_hits += 1
            gain += discounts[rank]
            if first < 0:
                first = place
        rank += marks[song] != is_done
        marks[song] = is_done
    return n_top, n_hits, gain, first
