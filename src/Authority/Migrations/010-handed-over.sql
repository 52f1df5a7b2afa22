-- A generation that another organisation began (CPS 4-18): its serial numbers were made under a secret that is not
-- here, and its key is here only if a ceremony brought it. handed_over_at: Unix seconds.
ALTER TABLE generation ADD COLUMN handed_over_at BIGINT;
