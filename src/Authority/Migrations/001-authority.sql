-- A generation of the governor's key (CPS 4-13). next_counter numbers its certificates 1, 2, 3 ...
CREATE TABLE generation (
    generation   BIGINT NOT NULL PRIMARY KEY,
    key_label    TEXT   NOT NULL,
    certificate  BYTEA,
    created_at   BIGINT NOT NULL,
    next_counter BIGINT NOT NULL
);

-- Every certificate that was ever intended. state: 0 intended, 1 issued, 2 revoked. Times are Unix seconds.
-- holder and key_digest are digests: no attribute of a person is a column.
CREATE TABLE certificate (
    generation    BIGINT NOT NULL REFERENCES generation (generation),
    counter       BIGINT NOT NULL,
    kind          BIGINT NOT NULL,
    state         BIGINT NOT NULL,
    municipality  TEXT,
    subject       TEXT   NOT NULL,
    holder        BYTEA,
    key_digest    BYTEA,
    notice_id     TEXT,
    notice        BYTEA,
    signature     BYTEA,
    not_before    BIGINT NOT NULL,
    not_after     BIGINT NOT NULL,
    der           BYTEA,
    revoked_at    BIGINT,
    reason        BIGINT,
    PRIMARY KEY (generation, counter)
);
CREATE UNIQUE INDEX certificate_by_notice ON certificate (notice_id);
CREATE INDEX certificate_by_holder ON certificate (holder);
CREATE INDEX certificate_by_key ON certificate (key_digest);
CREATE INDEX certificate_by_subject ON certificate (subject);
CREATE INDEX certificate_revoked ON certificate (generation, municipality) WHERE state = 2;
CREATE INDEX certificate_intended ON certificate (generation, counter) WHERE state = 0;

-- The status feed: position 1, 2, 3 ... without a gap. reason 0: issued.
CREATE TABLE status_change (
    position   BIGINT NOT NULL PRIMARY KEY,
    generation BIGINT NOT NULL,
    counter    BIGINT NOT NULL,
    reason     BIGINT NOT NULL,
    at         BIGINT NOT NULL
);

-- The papers that asked for a revocation, and the position it got: the same paper again gets the same answer.
CREATE TABLE revocation (
    notice_id  TEXT   NOT NULL PRIMARY KEY,
    generation BIGINT NOT NULL,
    counter    BIGINT NOT NULL,
    position   BIGINT NOT NULL,
    source     TEXT   NOT NULL,
    form       BYTEA,
    signature  BYTEA
);

-- One run issues every CRL and the ARL of every generation under one number. published_at: the Repository has it.
CREATE TABLE crl_run (
    number       BIGINT NOT NULL PRIMARY KEY,
    this_update  BIGINT NOT NULL,
    next_update  BIGINT NOT NULL,
    why          TEXT   NOT NULL,
    published_at BIGINT
);

-- scope: a municipality's five digits, or 'authority' for the ARL.
CREATE TABLE crl (
    number     BIGINT NOT NULL REFERENCES crl_run (number),
    generation BIGINT NOT NULL,
    scope      TEXT   NOT NULL,
    entries    BIGINT NOT NULL,
    der        BYTEA  NOT NULL,
    PRIMARY KEY (number, generation, scope)
);

-- Certificates of the inner network: terminals, officers, verifiers, nodes (CPS 2-1-2(5), 5-2-2).
CREATE TABLE operations_certificate (
    serial    TEXT   NOT NULL PRIMARY KEY,
    role      TEXT   NOT NULL,
    id        TEXT   NOT NULL,
    not_after BIGINT NOT NULL,
    der       BYTEA  NOT NULL
);
