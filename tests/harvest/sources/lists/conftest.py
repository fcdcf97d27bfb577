"""Files of playlists, and what became of them."""

import zipfile
from pathlib import Path

# Exportify's columns with audio features, and what a row holds of these.
HEADER = (
    "Track URI,Track Name,Artist Name(s),Danceability,Energy,Key,Loudness,Mode,Speechiness,"
    "Acousticness,Instrumentalness,Liveness,Valence,Tempo,Time Signature\n"
)
SOUND = "0.7,0.9,8,-11.8,1,0.03,0.1,0,0.1,0.9,113.3,4"


def track_id(number):
    return f"{number:022d}"


class Lists:
    """Writes playlists under a temporary folder."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def write(self, name, content):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def uris(self, name, *numbers):
        """A list of addresses."""
        return self.write(name, "".join(f"spotify:track:{track_id(n)}\n" for n in numbers))

    def table(self, name, *numbers):
        """Exportify's CSV, with names."""
        rows = [f"spotify:track:{track_id(n)},Track {n},Artist {n % 3}" for n in numbers]
        return self.write(name, "\n".join(["Track URI,Track Name,Artist Name(s)", *rows, ""]))

    def zip(self, name, members):
        path = self.root / name
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for member, content in members.items():
                archive.writestr(member, content)
        return path
