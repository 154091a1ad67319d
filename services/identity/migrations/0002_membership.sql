-- 0002_membership.sql: organisations of the network, filled by services/identity/membership/projection.py.
-- Expand only: a new table, nothing existing is locked.
-- Back out: drop table organisation_list; the log rebuilds it.
create table organisation_list (
    organisation_id  uuid   primary key,
    code             text,
    name             text,
    kind             text,
    root_fingerprint text,            -- RFC 7638 thumbprint, pinned by hand
    hub_account      text,
    key_set          text,            -- compact JWS, as accepted
    key_set_root     text,            -- the root it was checked against
    serial           integer,
    seal_to          text,            -- kid
    state            text,            -- null = member
    reason           text,
    waiting_for      text,            -- '' = nothing waits for a second administrator
    proposed_by      uuid,
    proposed_root    text,
    position         bigint not null  -- of the last event folded in, in the log of `identity`
);
create index organisation_list_code on organisation_list (code);
