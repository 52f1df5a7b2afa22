-- The serial number as it is written in the certificate, upper-case hexadecimal: where an officer begins to search.
-- Null only in books older than this migration, until the Authority has filled it in.
ALTER TABLE certificate ADD COLUMN serial TEXT;

-- A page of a search is read along one of these, from its last row on. The columns after the counter are what else a
-- question may ask about, so that rows which do not fit are passed over without being fetched.
CREATE INDEX certificate_by_serial ON certificate (serial, generation, counter);
CREATE INDEX certificate_by_start ON certificate (not_before, generation, counter, municipality, kind, not_after);
CREATE INDEX certificate_by_end ON certificate (not_after, generation, counter, municipality, kind, not_before);
CREATE INDEX certificate_by_municipality ON certificate (
    municipality, generation, counter, kind, not_before, not_after);
CREATE INDEX certificate_by_revocation ON certificate (
    revoked_at, generation, counter, municipality, kind, not_before, not_after) WHERE state = 2;
CREATE INDEX certificate_of_few ON certificate (kind, generation, counter) WHERE kind <> 2;
CREATE INDEX certificate_without_serial ON certificate (generation, counter) WHERE serial IS NULL;
CREATE INDEX operations_certificate_by_end ON operations_certificate (not_after, serial);

-- How many of each kind were issued, and how many of those revoked: counted as it happens, since counting a million
-- rows for each page would take too long.
CREATE TABLE certificate_tally (
    kind    BIGINT NOT NULL PRIMARY KEY,
    issued  BIGINT NOT NULL,
    revoked BIGINT NOT NULL
);
INSERT INTO certificate_tally (kind, issued, revoked)
SELECT kind, COUNT(*), COALESCE(SUM(CASE state WHEN 2 THEN 1 ELSE 0 END), 0)
FROM certificate WHERE der IS NOT NULL GROUP BY kind;
