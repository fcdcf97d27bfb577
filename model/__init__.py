"""Learn from playlists, make playlists, and say how good they are."""
