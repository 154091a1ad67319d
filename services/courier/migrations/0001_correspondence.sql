-- 0001_correspondence.sql: letters out and in, quarantine, counters; filled by services/courier/correspondence/projection.py.
-- Expand only: new tables, nothing existing is locked.
-- Back out: drop table letter_out, letter_in, quarantine, letter_counter; the log rebuilds them.
create table letter_out (
    partner_id      uuid   not null,
    number          bigint not null,   -- dense per partner
    event_id        uuid,              -- null beside source: a number nobody here remembers, only to be voided
    source          text,
    source_position bigint,            -- in the log of `source`
    letter_type     text,
    thread          text,              -- opaque name of the matter
    posted_at       timestamptz,
    attempts        integer,
    sent_at         timestamptz,       -- the hub took the last attempt
    voided_code     text,
    voided_at       timestamptz,
    outcome         text,              -- of the receipt; '' = asked for again, no answer yet
    code            text,
    digest          text,              -- what the receipt names
    answered_at     timestamptz,
    state           text generated always as (case
        when outcome in ('applied', 'stored')               then 'delivered'
        when outcome in ('refused', 'disputed')             then 'refused'
        when outcome = 'voided' or voided_at is not null    then 'voided'
        when sent_at is not null                            then 'sent'
        else 'posted' end) stored,
    position        bigint not null,   -- of the last event folded in, in the log of `courier`
    primary key (partner_id, number)
);
create index letter_out_waiting on letter_out (coalesce(posted_at, voided_at))
    where state in ('posted', 'sent', 'voided') and coalesce(outcome, '') = '';
create index letter_out_refused on letter_out (answered_at) where state = 'refused';
create index letter_out_thread on letter_out (thread);

create table letter_in (
    partner_id  uuid   not null,
    number      bigint not null,
    digest      text,
    letter_type text,
    arrived_at  timestamptz,
    outcome     text,                  -- of our receipt; null = not applied yet
    code        text,
    applied_at  timestamptz,
    position    bigint not null,
    primary key (partner_id, number)
);
create index letter_in_unapplied on letter_in (arrived_at) where outcome is null or outcome = 'stored';

create table quarantine (
    partner_id     uuid   not null,    -- nil: nobody we know
    digest         text   not null,    -- of the sealed bytes, or of the verified letter that contradicts
    reason         text,
    number         bigint,
    quarantined_at timestamptz,
    position       bigint not null,
    primary key (partner_id, digest)
);
create index quarantine_newest on quarantine (quarantined_at);

create table letter_counter (
    partner_id       uuid   primary key,
    next_number      bigint,
    received_through bigint,
    their_sent       bigint,
    their_received   bigint,
    heard_at         timestamptz,
    position         bigint not null
);
