-- An admission may end (CPS 4-4-4-3, 2-1-6): state 3. What was recorded of the verifier stays, but for the password's
-- hash. end_approval: that of the two who agreed, used once. ended_at: Unix seconds.
ALTER TABLE verifier ADD COLUMN ended_at BIGINT;
ALTER TABLE verifier ADD COLUMN ended_by TEXT;
ALTER TABLE verifier ADD COLUMN ended_why TEXT;
ALTER TABLE verifier ADD COLUMN end_approval TEXT;
CREATE UNIQUE INDEX verifier_by_end_approval ON verifier (end_approval);
