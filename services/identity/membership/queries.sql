-- upsert_organisation_list --
-- One row per organisation. A batch that was folded in before changes nothing.
insert into organisation_list as kept (
    organisation_id, code, name, kind, root_fingerprint, hub_account, key_set, key_set_root, serial, seal_to,
    state, reason, waiting_for, proposed_by, proposed_root, position)
select * from unnest(
    $1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::int[],
    $10::text[], $11::text[], $12::text[], $13::text[], $14::uuid[], $15::text[], $16::bigint[])
on conflict (organisation_id) do update set
    code             = coalesce(excluded.code, kept.code),
    name             = coalesce(excluded.name, kept.name),
    kind             = coalesce(excluded.kind, kept.kind),
    root_fingerprint = coalesce(excluded.root_fingerprint, kept.root_fingerprint),
    hub_account      = coalesce(excluded.hub_account, kept.hub_account),
    key_set          = coalesce(excluded.key_set, kept.key_set),
    key_set_root     = coalesce(excluded.key_set_root, kept.key_set_root),
    serial           = coalesce(excluded.serial, kept.serial),
    seal_to          = coalesce(excluded.seal_to, kept.seal_to),
    state            = coalesce(excluded.state, kept.state),
    reason           = coalesce(excluded.reason, kept.reason),
    waiting_for      = coalesce(excluded.waiting_for, kept.waiting_for),
    proposed_by      = coalesce(excluded.proposed_by, kept.proposed_by),
    proposed_root    = coalesce(excluded.proposed_root, kept.proposed_root),
    position         = excluded.position
where kept.position < excluded.position;

-- organisations --
-- Everyone we trust or trusted. Keys of a root that was replaced do not count.
select organisation_id, code, name, kind, root_fingerprint, hub_account,
       coalesce(key_set_root = root_fingerprint, false) as has_keys,
       case when key_set_root = root_fingerprint then serial end as serial,
       coalesce(state, 'member') as state
from organisation_list
where ($1::text is null or kind = $1)
  and ($2::text is null or code = $2)
order by coalesce(state, 'member') = 'revoked', name, organisation_id
limit $3;

-- organisation_detail --
-- One organisation with the document partners check again and again.
select organisation_id, code, name, kind, root_fingerprint, hub_account,
       case when key_set_root = root_fingerprint then key_set end as key_set,
       case when key_set_root = root_fingerprint then serial end as serial,
       case when key_set_root = root_fingerprint then seal_to end as seal_to,
       coalesce(state, 'member') as state,
       case when state = 'revoked' then reason end as reason,
       nullif(waiting_for, '') as waiting_for,
       case when nullif(waiting_for, '') is not null then proposed_by end as proposed_by,
       case when waiting_for = 'root_replacement' then proposed_root end as proposed_root
from organisation_list
where organisation_id = $1;
