-- Approvals of the control room that were acted on: an approval is used once (CPS 5-2-2). used_at: Unix milliseconds.
CREATE TABLE approval (
    id      TEXT   NOT NULL PRIMARY KEY,
    duty    TEXT   NOT NULL,
    body    TEXT   NOT NULL,
    used_at BIGINT NOT NULL
);
