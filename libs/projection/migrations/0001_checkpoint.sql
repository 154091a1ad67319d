-- 0001_checkpoint.sql: how far each follower of another service's log has come; filled by libs/projection.
-- New tables, no locks. Back out: drop them; followers start from the beginning.
create table checkpoint (
    follower  text        primary key,     -- a projection, or the reactions to one source
    source    text        not null,
    position  bigint      not null,        -- in the source's log, never a JetStream sequence
    event_id  uuid,
    status    text        not null,        -- booting, active, error, rebuilding, paused
    error     text,                        -- why it stopped; no content
    moved_at  timestamptz not null default clock_timestamp()
);

create table dead_letter (                 -- events a reaction could not act on; no content
    reaction   text        not null,
    source     text        not null,
    position   bigint      not null,
    event_id   uuid        not null,
    code       text        not null,
    attempts   int         not null,
    failed_at  timestamptz not null default clock_timestamp(),
    replayed_at timestamptz,
    primary key (reaction, event_id)
);
