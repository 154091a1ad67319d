-- 0003_handover.sql: handovers between teams, filled by services/contacts/handover/projection.py.
-- Expand only: a new table, nothing existing is locked.
-- Back out: drop table handover_list; the log rebuilds it.
create table handover_list (
    handover_id    uuid   primary key,
    person_id      uuid,
    from_team      text,
    to_team        text,
    stage          text,
    reason         text,             -- sealed under the person's key, like decline_reason
    proposed_at    timestamptz,
    answered_at    timestamptz,
    decline_reason text,
    position       bigint not null   -- of the last event folded in, in the log of `contacts`
);
create index handover_list_open on handover_list (to_team) where stage = 'proposed';
create index handover_list_latest on handover_list (proposed_at desc);
