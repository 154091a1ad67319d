-- 0002_partner.sql: read model `partner`, filled by services/courier/partner/projection.py from identity's events.
-- Expand only. Back out: drop table partner; a refill from identity builds it again.
create table partner (
    organisation_id  uuid   primary key,
    code             text,
    root_fingerprint text,
    hub_account      text,
    key_set          text,          -- compact JWS, checked against the fingerprint whenever it is used; '': none yet
    state            text,
    position         bigint not null
);
