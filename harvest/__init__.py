"""Gather playlists, audio features and last.fm tags without loss."""
