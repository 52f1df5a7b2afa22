ALTER TABLE applications ADD COLUMN paper TEXT;
CREATE INDEX applications_by_paper ON applications (municipality, paper);

CREATE TABLE hand_overs (
    code_hash    TEXT   NOT NULL PRIMARY KEY,
    session_hash TEXT   UNIQUE,
    task         TEXT   NOT NULL,
    about        TEXT   NOT NULL,
    municipality TEXT   NOT NULL,
    officer      TEXT   NOT NULL,
    expires_at   BIGINT NOT NULL
);

CREATE TABLE letters (
    id           TEXT   NOT NULL PRIMARY KEY,
    municipality TEXT   NOT NULL,
    application  TEXT   NOT NULL REFERENCES applications (id),
    made_at      BIGINT NOT NULL,
    state        TEXT   NOT NULL,
    body         TEXT   NOT NULL
);
CREATE INDEX letters_by_application ON letters (application);
CREATE INDEX letters_by_day ON letters (municipality, made_at);

CREATE TABLE payments (
    id           TEXT   NOT NULL PRIMARY KEY,
    municipality TEXT   NOT NULL,
    application  TEXT   NOT NULL UNIQUE REFERENCES applications (id),
    day          TEXT   NOT NULL,
    amount       BIGINT NOT NULL,
    body         TEXT   NOT NULL
);
CREATE INDEX payments_by_day ON payments (municipality, day);

CREATE TABLE closings (
    municipality TEXT NOT NULL,
    day          TEXT NOT NULL,
    body         TEXT NOT NULL,
    PRIMARY KEY (municipality, day)
);

CREATE TABLE requests (
    id           TEXT   NOT NULL PRIMARY KEY,
    municipality TEXT   NOT NULL,
    received_at  BIGINT NOT NULL,
    kind         TEXT   NOT NULL,
    state        TEXT   NOT NULL,
    resident     TEXT,
    paper        TEXT   NOT NULL,
    body         TEXT   NOT NULL
);
CREATE INDEX requests_by_day ON requests (municipality, received_at);
CREATE INDEX requests_by_resident ON requests (resident);
