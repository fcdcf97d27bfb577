-- harvest.db, version 5. Times are Unix seconds. A track is known everywhere by its Spotify id, and inside this file also by a number:
-- rows that are keyed by it lie in the order in which they are harvested, so that a commit touches a few neighbouring pages. Keyed
-- by the ids, which are random, each row of a batch lies on a page of its own.

-- What the tables say of a track; copied here so that a job needs nothing but this file. Source: state/tables.
CREATE TABLE track (
    track_id   INTEGER PRIMARY KEY,         -- order of first appearance; never given to another track
    spotify_id TEXT NOT NULL UNIQUE,
    artist     TEXT NOT NULL,               -- raw; empty where a track is known from its features alone
    title      TEXT NOT NULL                -- the same
);

-- The resume log: one row for each job and track.
CREATE TABLE task (
    job        TEXT NOT NULL,               -- spotify, lastfm
    track_id   INTEGER NOT NULL,
    spotify_id TEXT NOT NULL,
    state      TEXT NOT NULL DEFAULT 'pending'
        -- Not `state IN (...)`, which SQLite evaluates by a table made for each row: half the cost of settling a task.
        CHECK (state = 'done' OR state = 'pending' OR state = 'missing' OR state = 'dead'),
    attempts   INTEGER NOT NULL DEFAULT 0,  -- failed attempts of its own
    next_at    REAL NOT NULL DEFAULT 0,     -- Unix seconds, whole milliseconds, before which it is not tried; 0 = at once
    error      TEXT,                        -- why it is missing, dead or waiting
    parts      INTEGER NOT NULL DEFAULT 0,  -- bit i: the job's i-th part is stored; of spotify, bit 1: kept though the provider asked last had nothing
    seq        INTEGER NOT NULL,            -- order of work: order of first appearance in the tables; -1 = not in them
    provider   TEXT,                        -- who made it done, missing or dead; null while none did
    form       TEXT NOT NULL DEFAULT 'raw', -- last.fm is asked by raw names, or by plain ones (without suffixes)
    twin_of    INTEGER,                     -- the task with the same names that is asked for this one too
    PRIMARY KEY (job, track_id)
) WITHOUT ROWID;
CREATE INDEX task_due ON task (job, next_at, seq) WHERE state = 'pending' AND twin_of IS NULL;
CREATE INDEX task_twin ON task (twin_of) WHERE twin_of IS NOT NULL;

-- Which tables a job's tasks were made from, and what its service asked for.
CREATE TABLE job (
    job          TEXT PRIMARY KEY,
    fingerprint  TEXT NOT NULL,
    not_before   REAL NOT NULL DEFAULT 0,   -- Unix seconds before which the job does not start
    reason       TEXT,                      -- why it does not start before then
    shut_by      TEXT,                      -- the service that is not to be asked before then; see `service`
    paused_until REAL NOT NULL DEFAULT 0,   -- Unix seconds at which the last pause of a running job ends
    single_at    TEXT,                      -- address that serves tracks one by one alone
    provider     TEXT,                      -- who was asked last
    wanted       INTEGER NOT NULL DEFAULT 7, -- bits of the parts that the latest run of lastfm wanted
    bytes        INTEGER NOT NULL DEFAULT 0, -- of last.fm's data: UTF-8 of each text, 8 for each number
    service      TEXT,                      -- who was asked last, and by whom: provider, host and the hash of an app or key
    shut_at      REAL NOT NULL DEFAULT 0,   -- Unix seconds at which not_before was set; 0 = unknown
    paused_at    REAL NOT NULL DEFAULT 0    -- the same of paused_until
) WITHOUT ROWID;

-- Requests sent on each calendar day, local time, for --daily-budget.
CREATE TABLE day (
    job      TEXT NOT NULL,
    day      TEXT NOT NULL,                 -- 2026-11-23
    requests INTEGER NOT NULL,
    PRIMARY KEY (job, day)
) WITHOUT ROWID;

-- One row for each time that a job was started. Source: this machine's clock.
CREATE TABLE run (
    run_id     INTEGER PRIMARY KEY,
    job        TEXT NOT NULL,
    pid        INTEGER NOT NULL,
    started_at REAL NOT NULL,
    seen_at    REAL NOT NULL,               -- the last commit
    settled    INTEGER NOT NULL DEFAULT 0,  -- tasks that became done, missing or dead
    requests   INTEGER NOT NULL DEFAULT 0,
    outcome    TEXT,                        -- null while it runs, or if it was killed
    limited    INTEGER NOT NULL DEFAULT 0,  -- replies that asked to slow down (429)
    failed     INTEGER NOT NULL DEFAULT 0,  -- requests without a usable reply, for another reason
    rejected   INTEGER NOT NULL DEFAULT 0   -- answers for one track that could not be trusted
);

-- Source: audio-features of Spotify, or of another provider of the same features.
CREATE TABLE audio_features (
    track_id         INTEGER PRIMARY KEY,
    spotify_id       TEXT NOT NULL,
    danceability     REAL NOT NULL,     -- 0..1
    energy           REAL NOT NULL,     -- 0..1
    key              INTEGER,           -- -1..11, pitch class; null = unknown
    loudness         REAL NOT NULL,     -- dB
    mode             INTEGER,           -- 0 minor, 1 major; null = unknown
    speechiness      REAL NOT NULL,     -- 0..1
    acousticness     REAL NOT NULL,     -- 0..1
    instrumentalness REAL NOT NULL,     -- 0..1
    liveness         REAL NOT NULL,     -- 0..1
    valence          REAL NOT NULL,     -- 0..1
    tempo            REAL NOT NULL,     -- beats per minute
    duration_ms      INTEGER,           -- ms; null = unknown
    time_signature   INTEGER,           -- beats in a bar; null = unknown
    provider         TEXT NOT NULL,
    fetched_at       REAL NOT NULL      -- Unix seconds
);

-- Source: last.fm track.getInfo; names as it corrects them.
CREATE TABLE lastfm_track (
    spotify_id TEXT PRIMARY KEY,
    artist     TEXT NOT NULL,
    title      TEXT NOT NULL,
    listeners  INTEGER NOT NULL,
    playcount  INTEGER NOT NULL,
    mbid       TEXT,                    -- MusicBrainz recording id
    matched    TEXT NOT NULL DEFAULT 'raw' -- by which form of the names last.fm knew the track
        CHECK (matched = 'raw' OR matched = 'plain')
) WITHOUT ROWID;

-- Source: last.fm track.getTopTags.
CREATE TABLE lastfm_tag (
    spotify_id TEXT NOT NULL,
    tag        TEXT NOT NULL,
    weight     INTEGER NOT NULL,        -- 0..100
    PRIMARY KEY (spotify_id, tag)
) WITHOUT ROWID;

-- Source: last.fm track.getSimilar.
CREATE TABLE lastfm_similar (
    spotify_id TEXT NOT NULL,
    artist     TEXT NOT NULL,
    title      TEXT NOT NULL,
    match      REAL NOT NULL,           -- 0..1
    PRIMARY KEY (spotify_id, artist, title)
) WITHOUT ROWID;

-- Source: Spotify's tracks and its search: names of tracks that had an id alone, ids of those that had names alone.
CREATE TABLE spotify_track (
    spotify_id  TEXT PRIMARY KEY,       -- as asked for: an id, or what a track without one is known by
    found_id    TEXT NOT NULL,          -- Spotify's
    title       TEXT NOT NULL,
    artist      TEXT NOT NULL,          -- the first one
    artist_uri  TEXT NOT NULL,
    album       TEXT NOT NULL,
    album_uri   TEXT NOT NULL,
    duration_ms INTEGER NOT NULL        -- ms
) WITHOUT ROWID;
