CREATE TABLE ledger (
    first      BIGINT NOT NULL PRIMARY KEY,
    count      BIGINT NOT NULL,
    entries    BYTEA  NOT NULL,
    leaves     BYTEA  NOT NULL,
    frontier   BYTEA  NOT NULL,
    checkpoint TEXT   NOT NULL
);
