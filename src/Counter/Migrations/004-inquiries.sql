-- A letter asks about an application, a revocation or a request that an agent brought; the first letter of that paper's
-- number tells which.
ALTER TABLE letters RENAME TO letters_of_applications;
DROP INDEX letters_by_application;
DROP INDEX letters_by_day;
CREATE TABLE letters (
    id           TEXT   NOT NULL PRIMARY KEY,
    municipality TEXT   NOT NULL,
    about        TEXT   NOT NULL,
    made_at      BIGINT NOT NULL,
    state        TEXT   NOT NULL,
    body         TEXT   NOT NULL
);
INSERT INTO letters (id, municipality, about, made_at, state, body)
SELECT id, municipality, application, made_at, state, REPLACE(body, '"applicationId":', '"about":')
FROM letters_of_applications;
DROP TABLE letters_of_applications;
CREATE INDEX letters_about ON letters (about);
CREATE INDEX letters_by_day ON letters (municipality, made_at);

-- paper: by which the same revocation on paper, brought twice by an agent, is known; absent for all others.
ALTER TABLE receipts ADD COLUMN paper TEXT;
CREATE INDEX receipts_by_paper ON receipts (municipality, paper);
