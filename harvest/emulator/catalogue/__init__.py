"""What the emulator serves: songs, playlists, features, tags; made up, or read from files."""
