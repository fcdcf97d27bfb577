-- The tables of a harvest.db of version 1 become ours: tracks get numbers, by which tasks and features are keyed.

DROP INDEX task_due;
ALTER TABLE track RENAME TO old_track;
ALTER TABLE task RENAME TO old_task;
ALTER TABLE job RENAME TO old_job;
ALTER TABLE run RENAME TO old_run;
ALTER TABLE audio_features RENAME TO old_features;
ALTER TABLE lastfm_track RENAME TO old_lastfm_track;
ALTER TABLE lastfm_tag RENAME TO old_lastfm_tag;
ALTER TABLE lastfm_similar RENAME TO old_lastfm_similar;

-- SCHEMA --

INSERT INTO track (spotify_id, artist, title)
    SELECT spotify_id, artist, title FROM old_track
    LEFT JOIN (SELECT spotify_id, min(seq) AS seq FROM old_task GROUP BY spotify_id) USING (spotify_id)
    ORDER BY seq;
INSERT INTO audio_features
    SELECT track_id, old_features.* FROM old_features JOIN track USING (spotify_id) ORDER BY track_id;
-- Where no row says whose answer a task had, it can only have been the one provider that there was.
INSERT INTO task (job, track_id, spotify_id, state, attempts, next_at, error, parts, seq, provider)
    SELECT job, track_id, spotify_id, state, attempts, round(next_at, 3), error, parts, seq,
        CASE WHEN state = 'pending' THEN NULL WHEN job = 'lastfm' THEN 'lastfm' ELSE coalesce(provider, 'spotify') END
    FROM old_task JOIN track USING (spotify_id) LEFT JOIN (SELECT track_id, provider FROM audio_features) USING (track_id)
    ORDER BY job, track_id;
INSERT INTO job (job, fingerprint, not_before, reason) SELECT job, fingerprint, not_before, reason FROM old_job;
INSERT INTO run (run_id, job, pid, started_at, seen_at, settled, requests, outcome)
    SELECT run_id, job, pid, started_at, seen_at, settled, requests, outcome FROM old_run;
INSERT INTO lastfm_track (spotify_id, artist, title, listeners, playcount, mbid) SELECT * FROM old_lastfm_track;
INSERT INTO lastfm_tag SELECT * FROM old_lastfm_tag;
INSERT INTO lastfm_similar SELECT * FROM old_lastfm_similar;

DROP TABLE old_track;
DROP TABLE old_task;
DROP TABLE old_job;
DROP TABLE old_run;
DROP TABLE old_features;
DROP TABLE old_lastfm_track;
DROP TABLE old_lastfm_tag;
DROP TABLE old_lastfm_similar;
