-- Those who work at the Authority (CPS 5-2-1-1). roles: numbers with commas. state: 0 registered, 1 active, 2 withdrawn.
-- code_one and code_two are the hashes of the halves of a one-time code, each given out by another person; the first
-- log-in ends them.
-- Times are Unix milliseconds.
CREATE TABLE officer (
    id                  TEXT   NOT NULL PRIMARY KEY,
    staff_number        TEXT   NOT NULL UNIQUE,
    name                TEXT   NOT NULL,
    roles               TEXT   NOT NULL,
    state               BIGINT NOT NULL,
    registration        TEXT,
    certificate         BYTEA,
    certificate_sha256  TEXT   UNIQUE,
    key_sha256          TEXT   UNIQUE,
    certificate_ends_at BIGINT,
    password_hash       TEXT,
    password_expires_at BIGINT,
    failures            BIGINT NOT NULL DEFAULT 0,
    locked_until        BIGINT,
    code_one            TEXT,
    code_two            TEXT,
    code_expires_at     BIGINT
);

-- Passwords an officer had: none comes back soon.
CREATE TABLE former_password (
    officer TEXT   NOT NULL REFERENCES officer (id),
    set_at  BIGINT NOT NULL,
    hash    TEXT   NOT NULL
);
CREATE INDEX former_password_of ON former_password (officer, set_at);

CREATE TABLE session (
    token_hash         TEXT   NOT NULL PRIMARY KEY,
    officer            TEXT   NOT NULL REFERENCES officer (id),
    certificate_sha256 TEXT   NOT NULL,
    began_at           BIGINT NOT NULL,
    seen_at            BIGINT NOT NULL
);

-- Written instructions and their results (CPS 5-2-2). state: see InstructionState. act: the one act it was used for.
CREATE TABLE instruction (
    id       TEXT   NOT NULL PRIMARY KEY,
    duty     TEXT   NOT NULL,
    state    BIGINT NOT NULL,
    given_by TEXT   NOT NULL,
    given_at BIGINT NOT NULL,
    act      TEXT,
    body     TEXT   NOT NULL
);
CREATE INDEX instruction_by_state ON instruction (state, given_at);

-- Acts that take several people. state: see ActState. order_json: octet for octet what is approved.
CREATE TABLE act (
    id          TEXT   NOT NULL PRIMARY KEY,
    kind        TEXT   NOT NULL,
    order_json  TEXT   NOT NULL,
    state       BIGINT NOT NULL,
    proposed_by TEXT   NOT NULL,
    proposed_at BIGINT NOT NULL,
    expires_at  BIGINT NOT NULL,
    instruction TEXT,
    secret      TEXT,
    result      TEXT
);
CREATE INDEX act_by_state ON act (state, proposed_at);

CREATE TABLE consent (
    act                TEXT   NOT NULL REFERENCES act (id),
    officer            TEXT   NOT NULL REFERENCES officer (id),
    roles              TEXT   NOT NULL,
    certificate_sha256 TEXT   NOT NULL,
    at                 BIGINT NOT NULL,
    PRIMARY KEY (act, officer)
);
