-- 0001_kept.sql: what the portal keeps for a person between two requests (services/portal/web/kept.py).
-- New table, nothing existing is locked. Back out: drop table kept; texts being written are lost with it.
create table kept (
    owner  uuid        not null,            -- user
    name   text        not null,            -- which form or search: opaque, never its content
    sealed bytea       not null,            -- AES-256-GCM under the node's key, bound to owner and name
    at     timestamptz not null,
    until  timestamptz not null,
    primary key (owner, name)
);
create index kept_until on kept (until);
