-- 0005_person_position.sql: what changed after a position, for finding people by nickname (query `person_names`).
-- Builds an index: writes wait for it, a second for a million people. Back out: drop index person_list_position.
create index person_list_position on person_list (position);
