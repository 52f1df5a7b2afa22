-- Papers about cross certificates on their way (CPS 5-2-1-1(3)(4)(5)). subject: JSON, what is asked for. answer: JSON,
-- what the Authority made of it.
CREATE TABLE cross_case (
    id              TEXT   NOT NULL PRIMARY KEY,
    work            TEXT   NOT NULL,
    subject         TEXT   NOT NULL,
    requester_proof TEXT   NOT NULL,
    connection_test TEXT,
    state           BIGINT NOT NULL,
    answer          TEXT,
    receipt         TEXT
);

-- stage: 0 reception, 1 examination, 2 approval. Each is another person's, and stays. Times are Unix milliseconds.
CREATE TABLE cross_stage (
    case_id TEXT   NOT NULL REFERENCES cross_case (id),
    stage   BIGINT NOT NULL,
    officer TEXT   NOT NULL,
    finding TEXT   NOT NULL,
    at      BIGINT NOT NULL,
    PRIMARY KEY (case_id, stage)
);
