-- upsert_guidance_list --
-- One row per entry, kept when withdrawn, so that an older letter cannot bring it back.
insert into guidance_list as kept (
    guidance_id, number, owner, withdrawn, need, problem, eligibility, route, documents, turn_to, target_groups,
    areas, otherwise, position)
select distinct on (guidance_id)
    guidance_id, number, owner, withdrawn, need, problem, eligibility, route::jsonb, documents::jsonb, turn_to::jsonb,
    target_groups::jsonb, areas::jsonb, otherwise, position
from unnest(
    $1::uuid[], $2::int[], $3::uuid[], $4::bool[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
    $10::text[], $11::text[], $12::text[], $13::text[], $14::bigint[])
    as batch (guidance_id, number, owner, withdrawn, need, problem, eligibility, route, documents, turn_to,
              target_groups, areas, otherwise, position)
order by guidance_id, number desc
on conflict (guidance_id) do update set
    number        = excluded.number,
    owner         = excluded.owner,
    withdrawn     = excluded.withdrawn,
    need          = excluded.need,
    problem       = excluded.problem,
    eligibility   = excluded.eligibility,
    route         = excluded.route,
    documents     = excluded.documents,
    turn_to       = excluded.turn_to,
    target_groups = excluded.target_groups,
    areas         = excluded.areas,
    otherwise     = excluded.otherwise,
    position      = excluded.position
where kept.number < excluded.number;

-- upsert_guidance_verified --
-- The owner's last word that an entry is still right.
insert into guidance_verified as kept (guidance_id, number, verified_on, position)
select distinct on (guidance_id) *
from unnest($1::uuid[], $2::int[], $3::date[], $4::bigint[]) as batch (guidance_id, number, verified_on, position)
order by guidance_id, number desc
on conflict (guidance_id) do update set
    number      = excluded.number,
    verified_on = excluded.verified_on,
    position    = excluded.position
where kept.number < excluded.number;

-- guidance --
-- What to do about a need, recently verified first; an empty list of areas means everywhere.
select g.guidance_id, g.owner, c.name as owner_name, g.need, g.problem, g.eligibility,
       array(select jsonb_array_elements_text(g.route)) as route,
       array(select jsonb_array_elements_text(g.documents)) as documents,
       array(select (one ->> 'organisation_id')::uuid from jsonb_array_elements(g.turn_to) as one) as organisations,
       array(select (one ->> 'service_id')::uuid from jsonb_array_elements(g.turn_to) as one) as services,
       array(select jsonb_array_elements_text(g.target_groups)) as target_groups,
       array(select jsonb_array_elements_text(g.areas)) as areas,
       g.otherwise, v.verified_on
from guidance_list g
left join guidance_verified v on v.guidance_id = g.guidance_id
left join card_list c on c.organisation_id = g.owner
where not g.withdrawn
  and ($1::text is null or g.need = $1)
  and ($2::text is null or g.target_groups = '[]'::jsonb or g.target_groups ? $2)
  and (($3::text is null and $4::text is null and $5::text is null)
       or g.areas = '[]'::jsonb
       or g.areas ?| array_remove(array['municipality:' || $3, 'orp:' || $4, 'region:' || $5], null))
order by v.verified_on desc nulls last, g.problem, g.guidance_id
limit $6;

-- guidance_detail --
-- One entry as it stands.
select g.guidance_id, g.owner, c.name as owner_name, g.need, g.problem, g.eligibility,
       array(select jsonb_array_elements_text(g.route)) as route,
       array(select jsonb_array_elements_text(g.documents)) as documents,
       array(select (one ->> 'organisation_id')::uuid from jsonb_array_elements(g.turn_to) as one) as organisations,
       array(select (one ->> 'service_id')::uuid from jsonb_array_elements(g.turn_to) as one) as services,
       array(select jsonb_array_elements_text(g.target_groups)) as target_groups,
       array(select jsonb_array_elements_text(g.areas)) as areas,
       g.otherwise, v.verified_on
from guidance_list g
left join guidance_verified v on v.guidance_id = g.guidance_id
left join card_list c on c.organisation_id = g.owner
where not g.withdrawn and g.guidance_id = $1;
