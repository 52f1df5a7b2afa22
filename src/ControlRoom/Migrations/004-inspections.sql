-- What the internal auditor has inspected: entries first .. last of a room's log (CPS 4-11-3). is_well: 0 or 1.
CREATE TABLE log_inspection (
    number  BIGINT NOT NULL PRIMARY KEY,
    room    TEXT   NOT NULL,
    first   BIGINT NOT NULL,
    last    BIGINT NOT NULL,
    officer TEXT   NOT NULL,
    at      BIGINT NOT NULL,
    is_well BIGINT NOT NULL,
    finding TEXT   NOT NULL
);
