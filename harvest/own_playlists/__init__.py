"""People's own playlists: read, told of, and what of them is without an id."""
