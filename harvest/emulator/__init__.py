"""A local stand-in for Spotify, ReccoBeats and last.fm, with a made-up catalogue and faults."""
