"""A local stand-in for Spotify, ReccoBeats and last.fm, with a made-up catalogue and faults."""

DEFAULT_PLAYLISTS = 1_500
DEFAULT_SEED = 0
PLAIN_SHARE = 0.4  # of titles with a suffix, those that last.fm knows without it alone
