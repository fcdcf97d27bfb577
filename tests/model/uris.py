"""Spotify's addresses of made-up songs."""


def uri(number: int) -> str:
    return f"spotify:track:{number:022d}"
