-- 0002_guidance.sql: what to do about a problem, filled by services/directory/guidance/projection.py.
-- Expand only: new tables, nothing existing is locked.
-- Back out: drop table guidance_list, guidance_verified; the log rebuilds them.
create table guidance_list (
    guidance_id   uuid   primary key,
    number        integer,         -- of the owner's entry this row shows
    owner         uuid,
    withdrawn     boolean,
    need          text,
    problem       text,
    eligibility   text,
    route         jsonb,
    documents     jsonb,
    turn_to       jsonb,           -- array of {organisation_id, service_id}
    target_groups jsonb,
    areas         jsonb,           -- array of `system:code`; empty: everywhere
    otherwise     text,
    position      bigint not null  -- of that entry, in the log of `directory`
);
create index guidance_list_need on guidance_list (need) where not withdrawn;
create table guidance_verified (
    guidance_id uuid   primary key,
    number      integer,
    verified_on date,
    position    bigint not null
);
