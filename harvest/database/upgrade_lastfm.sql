-- What version 3 says of last.fm's job beyond what the versions before it said.

-- Without a fingerprint the job's next start goes through the tables again, and finds the twins.
UPDATE job SET fingerprint = '', bytes =
    (SELECT 16 * count(*) + total(length(CAST(artist AS BLOB))) + total(length(CAST(title AS BLOB)))
        + total(length(CAST(mbid AS BLOB))) FROM lastfm_track)
    + (SELECT 8 * count(*) + total(length(CAST(tag AS BLOB))) FROM lastfm_tag)
    + (SELECT 8 * count(*) + total(length(CAST(artist AS BLOB))) + total(length(CAST(title AS BLOB)))
        FROM lastfm_similar)
WHERE job = 'lastfm';
