-- 0003_kept_letter.sql: what the courier needs only while a letter is under way; no history, no read model.
-- New tables. Back out: drop both; unapplied letters are asked for again.
create table kept_letter (           -- arrived, stored, not yet applied; sealed as it came; filled by incoming.py
    partner_id uuid        not null,
    number     bigint      not null,
    sealed     bytea       not null,
    arrived_at timestamptz not null default clock_timestamp(),
    primary key (partner_id, number)
);

create table network_event (         -- own events for all members, so that a later member hears of them, too
    event_id uuid   primary key,
    source   text   not null,
    position bigint not null,
    type     text   not null,
    thread   text   not null
);
