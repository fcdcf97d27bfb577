"""People's own playlists, in the formats in which programs write them."""
