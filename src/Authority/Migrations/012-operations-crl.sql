-- The CRLs of the operations CA, every one of them (CPS 4-4-9, 5-2-2). Times are Unix seconds. revoked: how many of its
-- certificates had been revoked by then, those that have ended among them: more now, and the next list is due.
CREATE TABLE operations_crl (
    number      BIGINT NOT NULL PRIMARY KEY,
    this_update BIGINT NOT NULL,
    next_update BIGINT NOT NULL,
    why         TEXT   NOT NULL,
    revoked     BIGINT NOT NULL,
    der         BYTEA  NOT NULL
);
CREATE INDEX operations_certificate_revoked ON operations_certificate (revoked_at) WHERE revoked_at IS NOT NULL;
