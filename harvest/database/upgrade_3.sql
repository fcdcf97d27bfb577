-- The tables of a harvest.db of version 2 or 3 become ours.

CREATE TABLE spotify_track (
    spotify_id  TEXT PRIMARY KEY,
    found_id    TEXT NOT NULL,
    title       TEXT NOT NULL,
    artist      TEXT NOT NULL,
    artist_uri  TEXT NOT NULL,
    album       TEXT NOT NULL,
    album_uri   TEXT NOT NULL,
    duration_ms INTEGER NOT NULL
) WITHOUT ROWID;
