-- 0001_keys.sql: keys of data subjects, filled by libs/privacy/keys.py only.
-- New tables, no locks. Back out: never; without these keys the log cannot be read.
create table subject_key (
    scope   uuid  primary key,      -- the data subject: a person, or a case several people share
    wrapped bytea not null,         -- AES-256-GCM under the node's key of this epoch
    epoch   int   not null
);

create table tombstone (            -- forgotten on purpose, as opposed to lost
    scope        uuid        primary key,
    forgotten_at timestamptz not null default clock_timestamp()
);
