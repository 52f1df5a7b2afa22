-- Key ceremonies that were agreed on (CPS 6-1-1-1): the file as it is followed, and the record that came of it.
CREATE TABLE ceremony (
    id          TEXT   NOT NULL PRIMARY KEY,
    title       TEXT   NOT NULL,
    approved_at BIGINT NOT NULL,
    digest      TEXT   NOT NULL UNIQUE,
    file        BYTEA  NOT NULL,
    record      BYTEA,
    recorded_by TEXT
);
