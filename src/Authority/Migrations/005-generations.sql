-- used_from: since when new certificates are signed with a generation. Its own certificates and its lists are published
-- before. Unix seconds.
ALTER TABLE generation ADD COLUMN used_from BIGINT;
UPDATE generation SET used_from = created_at WHERE certificate IS NOT NULL;

-- A key of the governor's that may be in other hands (CPS 4-14-2). One row revokes everything that lives under it, at
-- one moment; certificate_now says so row by row. declared_at: Unix seconds.
CREATE TABLE compromise (
    generation  BIGINT NOT NULL PRIMARY KEY REFERENCES generation (generation),
    declared_at BIGINT NOT NULL,
    officers    TEXT   NOT NULL,
    why         TEXT   NOT NULL
);

-- How far its procedure has come: each step once, with its time in Unix milliseconds and what came of it.
CREATE TABLE compromise_step (
    generation BIGINT NOT NULL REFERENCES compromise (generation),
    step       TEXT   NOT NULL,
    at         BIGINT NOT NULL,
    result     TEXT   NOT NULL,
    PRIMARY KEY (generation, step)
);

-- What became of each certificate, whether it was revoked by itself or with the key that signed it.
CREATE VIEW certificate_now AS
SELECT c.generation, c.counter, c.kind, c.municipality, c.subject, c.holder, c.key_digest, c.notice_id, c.not_after,
       CASE WHEN c.state < 2 AND c.not_after >= x.declared_at THEN 2 ELSE c.state END AS state,
       CASE WHEN c.state < 2 AND c.not_after >= x.declared_at THEN x.declared_at ELSE c.revoked_at END AS revoked_at,
       CASE WHEN c.state < 2 AND c.not_after >= x.declared_at THEN 2 ELSE c.reason END AS reason
FROM certificate c LEFT JOIN compromise x ON x.generation = c.generation;

-- A list is written from this index alone, without fetching a row.
DROP INDEX certificate_revoked;
CREATE INDEX certificate_on_list ON certificate (
    generation, municipality, counter, not_after, revoked_at, reason) WHERE state = 2;
