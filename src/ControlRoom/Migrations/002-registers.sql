CREATE TABLE register_entries (
    id          BIGINT NOT NULL PRIMARY KEY,
    number      TEXT   NOT NULL UNIQUE,
    first       BIGINT NOT NULL REFERENCES register_entries (id),
    series      TEXT   NOT NULL,
    year        BIGINT NOT NULL,
    running     BIGINT NOT NULL,
    kind        TEXT   NOT NULL,
    dated       TEXT   NOT NULL,
    written_at  BIGINT NOT NULL,
    written_by  TEXT   NOT NULL,
    sha256      TEXT   NOT NULL,
    file_sha256 TEXT,
    once        TEXT   NOT NULL UNIQUE,
    body        TEXT,
    UNIQUE (series, year, running)
);
CREATE INDEX register_entries_by_first ON register_entries (first);
CREATE INDEX register_entries_by_series ON register_entries (series, id);

CREATE TABLE register_files (
    entry  BIGINT NOT NULL PRIMARY KEY REFERENCES register_entries (id),
    octets BYTEA  NOT NULL
);

-- How each first entry stands, by all that was written to it since; everything here follows from the entries.
CREATE TABLE register_chains (
    first       BIGINT NOT NULL PRIMARY KEY REFERENCES register_entries (id),
    latest      BIGINT NOT NULL REFERENCES register_entries (id),
    series      TEXT   NOT NULL,
    year        BIGINT NOT NULL,
    dated       TEXT   NOT NULL,
    words       TEXT   NOT NULL,
    due_on      TEXT,
    keep_until  TEXT   NOT NULL,
    disposed_on TEXT
);
CREATE INDEX register_chains_by_series ON register_chains (series, first);
CREATE INDEX register_chains_by_volume ON register_chains (series, year, first);
CREATE INDEX register_chains_by_day ON register_chains (series, dated);
CREATE INDEX register_chains_due ON register_chains (due_on);

-- The volumes of which something is still kept.
CREATE TABLE register_volumes (
    series TEXT   NOT NULL,
    year   BIGINT NOT NULL,
    PRIMARY KEY (series, year)
);

CREATE TABLE register_checks (
    entry   BIGINT NOT NULL PRIMARY KEY REFERENCES register_entries (id),
    series  TEXT   NOT NULL,
    volume  BIGINT NOT NULL,
    year    BIGINT NOT NULL
);
CREATE INDEX register_checks_by_volume ON register_checks (series, volume, year);

-- CSV files that were looked at and wait to be taken.
CREATE TABLE register_imports (
    id        TEXT   NOT NULL PRIMARY KEY,
    series    TEXT   NOT NULL,
    officer   TEXT   NOT NULL,
    staged_at BIGINT NOT NULL,
    octets    BYTEA  NOT NULL
);
