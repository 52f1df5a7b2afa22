-- Those who gave notice that they want to check residents' certificates. state: 0 notified, 1 agreed, 2 admitted.
CREATE TABLE verifier (
    id                  TEXT   NOT NULL PRIMARY KEY,
    name                TEXT   NOT NULL,
    kind                TEXT   NOT NULL,
    purpose             TEXT   NOT NULL,
    request             BYTEA  NOT NULL,
    state               BIGINT NOT NULL,
    notified_at         BIGINT NOT NULL,
    agreement_signature BYTEA,
    agreed_at           BIGINT,
    admitted_at         BIGINT,
    admitted_by         TEXT,
    certificate         BYTEA,
    certificate_sha256  TEXT,
    ldap_dn             TEXT,
    ldap_password_hash  TEXT
);

-- One row: the version of the list of the admitted. It grows with every admission.
CREATE TABLE admission_version (only_row BIGINT NOT NULL PRIMARY KEY CHECK (only_row = 1), version BIGINT NOT NULL);
INSERT INTO admission_version (only_row, version) VALUES (1, 1);
