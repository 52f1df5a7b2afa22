-- Receipts, in the words of the officer who filed them: the pair is published when both are there (CPS 4-8). What was
-- exchanged before receipts were kept here stays as public as it was.
ALTER TABLE cross_issued ADD COLUMN receipt TEXT;
ALTER TABLE cross_accepted ADD COLUMN receipt TEXT;
UPDATE cross_issued SET receipt = 'before receipts were kept here';
UPDATE cross_accepted SET receipt = 'before receipts were kept here';
