-- Lists of register events as the municipalities signed them, with what became of each: the same list again gets the
-- same report, and events that fitted no certificate stay for inspection (CPS 2-1-2(25), 4-4-1-1). at: Unix ms.
CREATE TABLE register_event_list (
    notice_id TEXT   NOT NULL PRIMARY KEY,
    terminal  TEXT   NOT NULL,
    at        BIGINT NOT NULL,
    form      BYTEA  NOT NULL,
    signature BYTEA  NOT NULL,
    report    TEXT   NOT NULL
);
