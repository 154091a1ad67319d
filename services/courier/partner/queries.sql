-- upsert_partner --
-- One row per organisation of the network. A batch that was folded in before changes nothing.
insert into partner as kept (organisation_id, code, root_fingerprint, hub_account, key_set, state, position)
select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bigint[])
on conflict (organisation_id) do update set
    code             = coalesce(excluded.code, kept.code),
    root_fingerprint = coalesce(excluded.root_fingerprint, kept.root_fingerprint),
    hub_account      = coalesce(excluded.hub_account, kept.hub_account),
    key_set          = coalesce(excluded.key_set, kept.key_set),
    state            = coalesce(excluded.state, kept.state),
    position         = excluded.position
where kept.position < excluded.position;

-- all_partners --
-- A few hundred rows at most: the courier reads them whole.
select organisation_id, code, root_fingerprint, hub_account, key_set from partner
where state = 'member' and hub_account is not null;
