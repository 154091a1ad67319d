-- 0006_many_contacts.sql: what pages ask of 200,000 contacts is found by an index.
-- Builds indexes: writes wait for it, a few seconds for a million contacts.
-- Back out: drop the new indexes; create index contact_list_person on contact_list (person_id) where linked;
-- create index contact_list_latest on contact_list (started_at desc).
create index contact_list_narrow on contact_list (started_at desc, contact_id) include (
    person_id, linked, team, worker, municipality, locality, counted_as, approached, in_conflict, voided
) where channel is not null;
create index contact_list_locality on contact_list (locality, started_at desc) where locality is not null;
drop index contact_list_latest;
create index contact_list_worker on contact_list (worker, started_at desc);
create index contact_list_conflict on contact_list (started_at desc) where in_conflict;
create index contact_list_history on contact_list (person_id, started_at desc) include (voided) where linked;
drop index contact_list_person;
create index person_list_stage on person_list (team, stage) where forgotten is not true;
create index household_member_person on household_member (person_id) where lives_here;
