"""Which songs are similar to a song, one way each."""
