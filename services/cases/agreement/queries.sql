-- upsert_agreement_list --
-- One row per agreement. A batch that was folded in before changes nothing.
insert into agreement_list as kept (
    agreement_id, person_id, state, form, concluded_on, key_worker, agreement_version, client_order,
    refusal, over_on, ending, position)
select * from unnest(
    $1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::date[], $6::uuid[], $7::int[], $8::text[],
    $9::text[], $10::date[], $11::text[], $12::bigint[])
on conflict (agreement_id) do update set
    person_id         = coalesce(excluded.person_id, kept.person_id),
    state             = coalesce(excluded.state, kept.state),
    form              = coalesce(excluded.form, kept.form),
    concluded_on      = coalesce(excluded.concluded_on, kept.concluded_on),
    key_worker        = coalesce(excluded.key_worker, kept.key_worker),
    agreement_version = coalesce(excluded.agreement_version, kept.agreement_version),
    client_order      = coalesce(excluded.client_order, kept.client_order),
    refusal           = coalesce(excluded.refusal, kept.refusal),
    over_on           = coalesce(excluded.over_on, kept.over_on),
    ending            = coalesce(excluded.ending, kept.ending),
    position          = excluded.position
where kept.position < excluded.position;

-- agreements --
-- The newest first; index agreement_list_person serves the page of one person.
select agreement_id, person_id, state, form, concluded_on, key_worker, agreement_version, client_order,
       refusal, over_on, ending
from agreement_list
where person_id is not null and state is not null
  and ($1::uuid is null or person_id = $1)
  and ($2::uuid[] is null or person_id = any ($2))
  and ($3::uuid is null or key_worker = $3)
  and ($4::text is null or state = $4)
order by position desc
limit $5;

-- caseload --
-- Each once; index agreement_list_key_worker.
select distinct person_id from agreement_list
where key_worker = $1 and state = 'in_force' and person_id is not null
limit $2;
