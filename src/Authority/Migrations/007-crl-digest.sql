-- What a list is named by when it is published: SHA-256 of its DER, lower-case hexadecimal. Null in runs of before.
ALTER TABLE crl ADD COLUMN sha256 TEXT;
