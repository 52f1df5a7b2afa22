-- A certificate of the inner network may end before its time (CPS 5-2-1-1(6)). revoked_at: Unix seconds.
-- reason: CRLReason.
ALTER TABLE operations_certificate ADD COLUMN revoked_at BIGINT;
ALTER TABLE operations_certificate ADD COLUMN reason BIGINT;
CREATE INDEX operations_certificate_of ON operations_certificate (role, id, not_after);
