CREATE TABLE track (
    spotify_id TEXT PRIMARY KEY,
    artist     TEXT NOT NULL,
    title      TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE task (
    job        TEXT NOT NULL,
    spotify_id TEXT NOT NULL,
    state      TEXT NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'done', 'missing', 'dead')),
    attempts   INTEGER NOT NULL DEFAULT 0,
    next_at    REAL NOT NULL DEFAULT 0,
    error      TEXT,
    parts      INTEGER NOT NULL DEFAULT 0,
    seq        INTEGER NOT NULL,
    PRIMARY KEY (job, spotify_id)
);
CREATE INDEX task_due ON task (job, next_at, seq) WHERE state = 'pending';
CREATE TABLE job (
    job         TEXT PRIMARY KEY,
    fingerprint TEXT NOT NULL,
    not_before  REAL NOT NULL DEFAULT 0,
    reason      TEXT
) WITHOUT ROWID;
CREATE TABLE run (
    run_id     INTEGER PRIMARY KEY,
    job        TEXT NOT NULL,
    pid        INTEGER NOT NULL,
    started_at REAL NOT NULL,
    seen_at    REAL NOT NULL,
    settled    INTEGER NOT NULL DEFAULT 0,
    requests   INTEGER NOT NULL DEFAULT 0,
    outcome    TEXT
);
CREATE TABLE audio_features (
    spotify_id       TEXT NOT NULL PRIMARY KEY,
    danceability     REAL NOT NULL,
    energy           REAL NOT NULL,
    key              INTEGER,
    loudness         REAL NOT NULL,
    mode             INTEGER,
    speechiness      REAL NOT NULL,
    acousticness     REAL NOT NULL,
    instrumentalness REAL NOT NULL,
    liveness         REAL NOT NULL,
    valence          REAL NOT NULL,
    tempo            REAL NOT NULL,
    duration_ms      INTEGER,
    time_signature   INTEGER,
    provider         TEXT NOT NULL,
    fetched_at       REAL NOT NULL
);
CREATE TABLE lastfm_track (
    spotify_id TEXT PRIMARY KEY,
    artist     TEXT NOT NULL,
    title      TEXT NOT NULL,
    listeners  INTEGER NOT NULL,
    playcount  INTEGER NOT NULL,
    mbid       TEXT
) WITHOUT ROWID;
CREATE TABLE lastfm_tag (
    spotify_id TEXT NOT NULL,
    tag        TEXT NOT NULL,
    weight     INTEGER NOT NULL,
    PRIMARY KEY (spotify_id, tag)
) WITHOUT ROWID;
CREATE TABLE lastfm_similar (
    spotify_id TEXT NOT NULL,
    artist     TEXT NOT NULL,
    title      TEXT NOT NULL,
    match      REAL NOT NULL,
    PRIMARY KEY (spotify_id, artist, title)
) WITHOUT ROWID;
