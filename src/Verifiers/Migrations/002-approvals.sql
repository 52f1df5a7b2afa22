-- approval: the CA manager's, used once (CPS 5-2-2). collected_at: the time (Unix milliseconds) in the last request for
-- credentials that was answered.
ALTER TABLE verifier ADD COLUMN approval TEXT;
ALTER TABLE verifier ADD COLUMN collected_at BIGINT;
CREATE UNIQUE INDEX verifier_by_approval ON verifier (approval);
