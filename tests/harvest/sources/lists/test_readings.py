from harvest.sources.lists.entries import Entry, Tracks
from harvest.sources.lists.readings import Reading


def test_what_was_left_out_adds_up_over_playlists():
    reading = Reading()
    for _ in range(2):
        tracks = Tracks()
        tracks.add(None)
        tracks.add(Entry(references=("spotify:episode:x",)))
        tracks.add(Entry(title="T", artist="A"))
        reading.count(tracks)
    assert reading.tallies == {"removed": 2, "episodes": 2}
    assert (reading.playlists, list(reading.features)) == ([], [])
