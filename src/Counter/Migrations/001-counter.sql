CREATE TABLE officers (
    id                  TEXT   NOT NULL PRIMARY KEY,
    municipality        TEXT   NOT NULL,
    password_hash       TEXT   NOT NULL,
    password_expires_at BIGINT,
    failures            BIGINT NOT NULL DEFAULT 0,
    locked_until        BIGINT
);

CREATE TABLE sessions (
    token_hash TEXT   NOT NULL PRIMARY KEY,
    officer    TEXT   NOT NULL REFERENCES officers (id),
    began_at   BIGINT NOT NULL,
    seen_at    BIGINT NOT NULL
);

CREATE TABLE residents (
    id           TEXT   NOT NULL PRIMARY KEY,
    municipality TEXT   NOT NULL,
    name         TEXT   NOT NULL,
    name_kana    TEXT   NOT NULL,
    alias        TEXT,
    birth        TEXT   NOT NULL,
    gender       BIGINT NOT NULL,
    address      TEXT   NOT NULL,
    is_foreign   BIGINT NOT NULL,
    status       BIGINT NOT NULL
);
CREATE INDEX residents_by_name ON residents (municipality, name);
CREATE INDEX residents_by_kana ON residents (municipality, name_kana);
CREATE INDEX residents_by_birth ON residents (municipality, birth);

CREATE TABLE applications (
    id                  TEXT   NOT NULL PRIMARY KEY,
    municipality        TEXT   NOT NULL,
    received_at         BIGINT NOT NULL,
    state               TEXT   NOT NULL,
    resident            TEXT,
    subject_common_name TEXT   UNIQUE,
    body                TEXT   NOT NULL
);
CREATE INDEX applications_by_day ON applications (municipality, received_at);
CREATE INDEX applications_by_resident ON applications (resident, state);

CREATE TABLE sequences (
    terminal TEXT   NOT NULL PRIMARY KEY,
    last     BIGINT NOT NULL
);

CREATE TABLE outbox (
    notice_id    TEXT   NOT NULL PRIMARY KEY,
    municipality TEXT   NOT NULL,
    kind         TEXT   NOT NULL,
    about        TEXT   NOT NULL,
    form         BYTEA  NOT NULL,
    state        TEXT   NOT NULL,
    attempts     BIGINT NOT NULL,
    due_at       BIGINT NOT NULL,
    answer       TEXT
);
CREATE INDEX outbox_due ON outbox (state, due_at);

CREATE TABLE certificates (
    serial       TEXT   NOT NULL PRIMARY KEY,
    municipality TEXT   NOT NULL,
    resident     TEXT   NOT NULL REFERENCES residents (id),
    application  TEXT   NOT NULL,
    not_after    BIGINT NOT NULL,
    der          BYTEA  NOT NULL,
    ended_at     BIGINT,
    reason       TEXT
);
CREATE INDEX certificates_by_resident ON certificates (resident);

CREATE TABLE receipts (
    id           TEXT   NOT NULL PRIMARY KEY,
    municipality TEXT   NOT NULL,
    received_at  BIGINT NOT NULL,
    body         TEXT   NOT NULL
);
