-- 0004_household.sql: families and who is known to live there, filled by services/contacts/household/projection.py.
-- Expand only: new tables, nothing existing is locked.
-- Back out: drop table household_list, household_member; the log rebuilds them.
create table household_list (
    household_id uuid   primary key,
    team         text,             -- of the last visit; '' = no team
    persons      integer,          -- as the worker saw them
    municipality text,             -- RÚIAN code
    monitored_at timestamptz,
    position     bigint not null   -- of the last event folded in, in the log of `contacts`
);
create index household_list_latest on household_list (monitored_at desc);

create table household_member (
    household_id uuid,
    person_id    uuid,
    relation     text,
    lives_here   boolean,
    position     bigint not null,
    primary key (household_id, person_id)
);
