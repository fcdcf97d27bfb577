"""Songs similar to songs, list by list: compiled, without checks.

What is written to comes last: `marks`, a 0 for every song of the catalogue, which say in which list
a song was met last, so that they are never cleared; and room for all that may be found.
"""

from model.compiling import compiled
from model.ragged import IntArray, SongArray


@compiled
def walk_lists(
    indptr: IntArray,
    starts: SongArray,
    taken_indptr: IntArray,
    taken: SongArray,
    similar_indptr: IntArray,
    similar: SongArray,
    k: int,
    lengths: IntArray,
    marks: SongArray,
    found_indptr: IntArray,
    found: SongArray,
) -> None:
    """Go through growing lists, appending the songs similar to each; write what was appended.

    Of each song the first `k` similar ones are looked up; what is taken is passed over; a list ends
    at its length, or where no more are found.
    """
    size = 0
    for row in range(len(lengths)):
        mark = row + 1
        for song in taken[taken_indptr[row] : taken_indptr[row + 1]]:
            marks[song] = mark
        for song in starts[indptr[row] : indptr[row + 1]]:
            marks[song] = mark
        first, stop, place = size, size + lengths[row], indptr[row]
        while size < stop and place < indptr[row + 1] + size - first:
            behind = place - indptr[row + 1]
            song = found[first + behind] if behind >= 0 else starts[place]
            begin = similar_indptr[song]
            for at in range(begin, min(begin + k, similar_indptr[song + 1])):
                other = similar[at]
                if marks[other] != mark:
                    marks[other] = mark
                    found[size] = other
                    size += 1
                    if size == stop:
                        break
            place += 1
        found_indptr[row + 1] = size


@compiled
def extend_lists(
    indptr: IntArray,
    starts: SongArray,
    similar_indptr: IntArray,
    similar: SongArray,
    targets: IntArray,
    marks: SongArray,
    listed_indptr: IntArray,
    listed: SongArray,
) -> None:
    """Append similar songs as the study did; write the whole lists.

    The first song's similar songs are appended; then, unless the list is already longer than its
    target, those of every song that stands in it at this moment.
    """
    size = 0
    for row in range(len(targets)):
        first, mark = size, row + 1
        for song in starts[indptr[row] : indptr[row + 1]]:
            marks[song] = mark
            listed[size] = song
            size += 1
        for place in range(first, min(first + 1, size)):
            size = _append(listed[place], similar_indptr, similar, marks, mark, listed, size)
        if size - first <= targets[row]:
            for place in range(first, size):
                size = _append(listed[place], similar_indptr, similar, marks, mark, listed, size)
        listed_indptr[row + 1] = size


@compiled
def _append(
    song: int,
    similar_indptr: IntArray,
    similar: SongArray,
    marks: SongArray,
    mark: int,
    listed: SongArray,
    size: int,
) -> int:
    """Append the similar songs of one that are not marked; give the new size."""
    for other in similar[similar_indptr[song] : similar_indptr[song + 1]]:
        if marks[other] != mark:
            marks[other] = mark
            listed[size] = other
            size += 1
    return size
