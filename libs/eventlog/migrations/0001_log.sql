-- 0001_log.sql: the log of one service; filled by libs/eventlog/postgres.py only.
-- New tables, no locks. Back out: never; this is the memory.
create table log (          -- one row; every append locks it until its commit
    only_row bool   primary key default true check (only_row),
    position bigint not null,
    hash     bytea  not null
);
insert into log (position, hash) values (0, '');

create table event (
    position       bigint      primary key,     -- gapless, in commit order
    event_id       uuid        not null unique,
    stream         text        not null,
    version        int         not null,
    type           text        not null,
    schema_version int         not null,
    command_id     uuid        not null,
    correlation_id uuid,
    causation_id   uuid,
    actor          text        not null,        -- canonical JSON of Actor: opaque ids and roles
    audience       text[]      not null,        -- organisations that may know; empty: private to the node
    occurred_at    timestamptz not null,        -- in the world
    recorded_at    timestamptz not null,        -- here
    trace          text,                        -- W3C traceparent; not part of the hash
    data           jsonb       not null,        -- personal fields sealed
    hash           bytea       not null,        -- of this event and the hash before it (libs/eventlog/stored.py)
    unique (stream, version)
);

create table command (                          -- what was answered to a command id, for its repetition
    command_id uuid   primary key,
    stream     text   not null,
    version    int    not null,
    position   bigint not null                  -- of its last event; 0: it changed nothing
);
