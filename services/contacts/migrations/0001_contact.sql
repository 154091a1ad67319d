-- 0001_contact.sql: every contact, filled by services/contacts/contact/projection.py.
-- Expand only: a new table, nothing existing is locked.
-- Back out: drop table contact_list; the log rebuilds it.
create table contact_list (
    contact_id    uuid   primary key,
    worker        uuid,
    team          text,              -- who recorded it; '' = no team
    person_id     uuid,
    linked        boolean,           -- whether person_id holds now
    channel       text,
    municipality  text,              -- RÚIAN code
    locality      text,
    place         text,              -- sealed under the contact's own key, like the three below
    started_at    timestamptz,
    minutes       integer,
    counted_as    text,              -- contact, intervention, neither
    topics        jsonb,
    activities    jsonb,
    approached    integer,
    spoke         integer,
    nickname      text,              -- sealed
    sex           text,
    age_band      text,
    heard_before  boolean,
    note          text,              -- sealed
    revision      integer,
    in_conflict   boolean,
    proposed      jsonb,             -- the other values, while in conflict
    proposes_note boolean,
    proposed_note text,              -- sealed
    voided        boolean,
    erased        boolean,           -- its person was forgotten
    position      bigint not null    -- of the last event folded in, in the log of `contacts`
);
create index contact_list_latest on contact_list (started_at desc);
create index contact_list_person on contact_list (person_id) where linked;
