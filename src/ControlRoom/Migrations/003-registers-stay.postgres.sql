-- An entry stays as it was written: only its body may go, and nothing else of it. CPS 4-12-1-3
CREATE FUNCTION register_entries_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'an entry of a register does not change or go';
END;
$$;

CREATE TRIGGER register_entries_stay BEFORE UPDATE ON register_entries FOR EACH ROW
WHEN (NEW.body IS NOT NULL OR (OLD.id, OLD.number, OLD.first, OLD.series, OLD.year, OLD.running, OLD.kind, OLD.dated,
        OLD.written_at, OLD.written_by, OLD.sha256, OLD.file_sha256, OLD.once)
    IS DISTINCT FROM (NEW.id, NEW.number, NEW.first, NEW.series, NEW.year, NEW.running, NEW.kind, NEW.dated,
        NEW.written_at, NEW.written_by, NEW.sha256, NEW.file_sha256, NEW.once))
EXECUTE FUNCTION register_entries_stay();

CREATE TRIGGER register_entries_are_not_deleted BEFORE DELETE ON register_entries FOR EACH ROW
EXECUTE FUNCTION register_entries_stay();
