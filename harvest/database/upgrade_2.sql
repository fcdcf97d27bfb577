-- The tables of a harvest.db of version 2 become ours.

ALTER TABLE task ADD COLUMN form TEXT NOT NULL DEFAULT 'raw';
ALTER TABLE task ADD COLUMN twin_of INTEGER;
DROP INDEX task_due;
CREATE INDEX task_due ON task (job, next_at, seq) WHERE state = 'pending' AND twin_of IS NULL;
CREATE INDEX task_twin ON task (twin_of) WHERE twin_of IS NOT NULL;
ALTER TABLE job ADD COLUMN wanted INTEGER NOT NULL DEFAULT 7;
ALTER TABLE job ADD COLUMN bytes INTEGER NOT NULL DEFAULT 0;
ALTER TABLE lastfm_track ADD COLUMN matched TEXT NOT NULL DEFAULT 'raw'
    CHECK (matched = 'raw' OR matched = 'plain');
