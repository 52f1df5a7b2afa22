-- Files of the resident register that were taken: a municipality's 1, 2, 3 ... The same file again gets the same
-- report.
-- at: Unix milliseconds. digest: SHA-256 of the file, upper-case hexadecimal.
CREATE TABLE register_files (
    municipality TEXT   NOT NULL,
    number       BIGINT NOT NULL,
    digest       TEXT   NOT NULL,
    at           BIGINT NOT NULL,
    report       TEXT   NOT NULL,
    PRIMARY KEY (municipality, number)
);
