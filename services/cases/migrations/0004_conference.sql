-- 0004_conference.sql: case conferences, filled by services/cases/conference/projection.py, taking_part.py, record.py.
-- Expand only: new tables, nothing existing is locked.
-- Back out: drop table conference_list, conference_date, conference_participant, conference_answer,
-- conference_person, conference_minutes, conference_action; the log rebuilds them.
-- Letters come out of order: what is said more than once has a row per entry, and the queries choose.
create table conference_list (
    conference_id  uuid   primary key,
    organiser      uuid,           -- nullable: a letter may arrive before the invitation
    item           text,           -- all, or a guest's item
    reason         text,           -- sealed under the conference's key
    goal           text,           -- sealed
    facilitator    uuid,
    recorder       uuid,
    minutes_form   text,
    cancelled      boolean,
    started_at     timestamptz,
    ended_at       timestamptz,
    drafted        boolean,
    comments_until date,
    issued_on      date,
    confirm_by     date,
    closed_on      date,
    position       bigint not null -- of the last event folded in, in the log of `cases`
);
create table conference_date (
    conference_id uuid,
    number        integer,         -- of the organiser's entry
    starts_at     timestamptz,     -- the meeting; otherwise it is about a review
    place_code    text,
    place         text,            -- sealed
    held_on       date,
    review_on     date,
    note          text,            -- sealed
    position      bigint not null,
    primary key (conference_id, number)
);
create table conference_participant (
    conference_id      uuid,
    organisation       uuid,
    item               text,
    is_full            boolean,
    presence           text,
    confirmation       text,
    confirmation_seen  integer,
    no_response_number integer,
    position           bigint not null,
    primary key (conference_id, organisation)
);
create table conference_answer (
    conference_id  uuid,
    organisation   uuid,
    number         integer,
    seen           integer,
    answer         text,
    represented_by text,           -- sealed
    position       bigint not null,
    primary key (conference_id, organisation, number)
);
create table conference_person (
    conference_id uuid,
    attendee_id   uuid,
    person_id     uuid,
    name          text,            -- sealed
    support       text,            -- sealed
    item          text,
    answer        text,
    attended      boolean,
    position      bigint not null,
    primary key (conference_id, attendee_id)
);
create index conference_person_person on conference_person (person_id);
create table conference_minutes (
    conference_id uuid,
    organisation  uuid,
    kind          text,            -- draft, for_comments, comment, issued, objection
    number        integer,
    written_by    uuid,
    text          text,            -- sealed
    position      bigint not null,
    primary key (conference_id, organisation, kind, number)
);
create table conference_action (
    action_id     uuid,
    author        uuid,
    number        integer,         -- of the author's entry
    conference_id uuid,
    kind          text,            -- given, cancelled, worked, found
    seen          integer,
    responsible   uuid,
    watched_by    uuid,
    due           date,
    state         text,
    words         text,            -- sealed
    position      bigint not null,
    primary key (action_id, author, number)
);
create index conference_action_conference on conference_action (conference_id) where kind = 'given';
create index conference_action_responsible on conference_action (responsible) where kind = 'given';
