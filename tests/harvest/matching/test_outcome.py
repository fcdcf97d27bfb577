"""What is decided of each track, by the first step that finds something."""

from harvest.matching.outcome import NEARLY_SAME, SAME_NAMES, counts, decide

SONGS = [
    ("A", "Heartbreak Hotel"),
    ("A", "Twice"),
    ("A", "Twice"),
    ("A", "Other Title"),
    ("A", "Other Title - Mono"),
]


def outcome(form, tracks, songs=SONGS):
    return decide(form(songs, tracks), threshold=0.9, workers=1)


def test_each_step_takes_what_those_before_it_left(form):
    tracks = [
        ("A", "Heartbreak Hotel"),
        ("A", "Heartbreak Hotel - Remastered"),
        ("A", "Hartbreak Hotel"),
        ("A", "Nothing of the Kind"),
    ]
    steps = outcome(form, tracks)
    assert [(step.name, step.matched.tracks.tolist()) for step in steps] == [
        ("exact", [0]),
        ("plain", [1]),
        ("fuzzy", [2]),
    ]
    assert [step.matched.songs.tolist() for step in steps] == [[0], [0], [0]]


def test_several_songs_of_the_same_names_are_undecided_and_later_steps_leave_them_so(form):
    exact, plain, fuzzy = outcome(form, [("A", "Twice"), ("A", "Twice - Mono")])
    assert (exact.undecided.tracks.tolist(), exact.undecided.songs.tolist()) == ([0, 0], [1, 2])
    assert plain.undecided.tracks.tolist() == [1, 1]
    assert [len(step.matched.tracks) for step in (exact, plain, fuzzy)] == [0, 0, 0]
    assert (exact.why_undecided, fuzzy.why_undecided) == (SAME_NAMES, NEARLY_SAME)


def test_exact_names_win_over_names_without_suffixes(form):
    exact, plain, _ = outcome(form, [("A", "Other Title"), ("A", "Other Title (Mono)")])
    assert exact.matched.songs.tolist() == [3, 4]
    assert len(plain.matched.tracks) == len(plain.undecided.tracks) == 0


def test_tracks_songs_and_ambiguous_ones_are_counted_by_step(form):
    tracks = [("A", "Heartbreak Hotel")] * 2 + [("A", "Twice"), ("A", "Heartbreak Hottel")]
    found = counts(outcome(form, tracks))
    assert [(each.tracks, each.songs, each.ambiguous) for each in found.values()] == [
        (2, 1, 1),
        (0, 0, 0),
        (1, 1, 0),
    ]
