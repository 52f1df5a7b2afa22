-- The certificate before the present one is good beside it until it ends. former_ends_at: Unix milliseconds.
ALTER TABLE officer ADD COLUMN former_sha256 TEXT;
ALTER TABLE officer ADD COLUMN former_ends_at BIGINT;
