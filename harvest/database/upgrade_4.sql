-- The tables of a harvest.db of version 2, 3 or 4 become ours.

ALTER TABLE job ADD COLUMN service TEXT;
ALTER TABLE job ADD COLUMN shut_at REAL NOT NULL DEFAULT 0;
ALTER TABLE job ADD COLUMN paused_at REAL NOT NULL DEFAULT 0;
