-- 0002_person.sql: records of people and their steps, filled by services/contacts/person/projection.py.
-- Expand only: new tables, nothing existing is locked.
-- Back out: drop table person_list, person_timeline; the log rebuilds them.
create table person_list (
    person_id uuid   primary key,
    nickname  text,             -- sealed under the person's key
    code      text,
    name      text,             -- sealed under a key of its own; gone when withdrawn
    named     boolean,
    team      text,             -- responsible now; '' = no team
    stage     text,
    identity  text,
    sex       text,
    age_band  text,
    housing   text,
    residence text,             -- RÚIAN code
    same_as   uuid,
    linked    boolean,          -- whether same_as holds now
    episode   integer,
    held      boolean,
    forgotten boolean,
    position  bigint not null   -- of the last event folded in, in the log of `contacts`
);
create index person_list_team on person_list (team);
create index person_list_same_as on person_list (same_as) where linked;

create table person_timeline (
    person_id   uuid,
    step        text,
    happened_at timestamptz,
    stage       text,
    position    bigint not null,
    primary key (person_id, step, happened_at)
);
