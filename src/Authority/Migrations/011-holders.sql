-- The daily look for holders of two live certificates reads this index alone, without fetching a row.
DROP INDEX certificate_by_holder;
CREATE INDEX certificate_by_holder ON certificate (holder, state, not_after);
