-- Cross certificates that we gave others (CPS 4-7): the certificate itself is in certificate. papers: the order, JSON.
CREATE TABLE cross_issued (
    generation BIGINT NOT NULL,
    counter    BIGINT NOT NULL,
    partner    TEXT   NOT NULL,
    papers     TEXT   NOT NULL,
    PRIMARY KEY (generation, counter)
);

-- Those that others gave us (CPS 4-8). ended_at: it is worth nothing any more.
CREATE TABLE cross_accepted (
    approval    TEXT   NOT NULL PRIMARY KEY,
    serial      TEXT   NOT NULL,
    partner     TEXT   NOT NULL,
    der         BYTEA  NOT NULL,
    papers      TEXT   NOT NULL,
    accepted_at BIGINT NOT NULL,
    ended_at    BIGINT
);

-- What was refused, kept for inspection. Times are Unix seconds.
CREATE TABLE cross_refused (
    approval TEXT   NOT NULL PRIMARY KEY,
    what     TEXT   NOT NULL,
    clause   TEXT   NOT NULL,
    reason   TEXT   NOT NULL,
    papers   TEXT   NOT NULL,
    at       BIGINT NOT NULL
);
