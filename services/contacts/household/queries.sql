-- upsert_household_list --
-- The last visit of each household. A batch that was folded in before changes nothing.
insert into household_list as kept (household_id, team, persons, municipality, monitored_at, position)
select * from unnest($1::uuid[], $2::text[], $3::int[], $4::text[], $5::timestamptz[], $6::bigint[])
on conflict (household_id) do update set
    team         = coalesce(excluded.team, kept.team),
    persons      = coalesce(excluded.persons, kept.persons),
    municipality = coalesce(excluded.municipality, kept.municipality),
    monitored_at = coalesce(excluded.monitored_at, kept.monitored_at),
    position     = excluded.position
where kept.position < excluded.position;

-- upsert_household_member --
-- One row per person and household, kept when the person leaves.
insert into household_member as kept (household_id, person_id, relation, lives_here, position)
select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::bool[], $5::bigint[])
on conflict (household_id, person_id) do update set
    relation   = coalesce(excluded.relation, kept.relation),
    lives_here = coalesce(excluded.lives_here, kept.lives_here),
    position   = excluded.position
where kept.position < excluded.position;

-- households --
-- Last visited first. Known members stand beside the persons, never instead of them (K04).
select h.household_id, nullif(h.team, '') as team, h.persons, h.municipality, h.monitored_at,
       (select count(*) from household_member m where m.household_id = h.household_id and m.lives_here)::int
           as known_members
from household_list h
where ($1::text is null or h.team = $1) and ($2::text is null or h.municipality = $2)
  and ($3::uuid is null or h.household_id = $3)
  and ($4::uuid is null or h.household_id in (
        select m.household_id from household_member m where m.person_id = $4 and m.lives_here))
order by h.monitored_at desc, h.household_id
limit $5;

-- household_members --
-- Who is known to live there now.
-- A person another team is responsible for is counted, but not shown.
select m.person_id, m.relation,
    case when $2::text is null or p.team = $2 then p.nickname end as nickname,
    case when $2::text is null or p.team = $2 then p.code end as code,
    case when $2::text is null or p.team = $2 then p.sex end as sex,
    case when $2::text is null or p.team = $2 then p.age_band end as age_band
from household_member m
join household_list h using (household_id)
left join person_list p on p.person_id = m.person_id
where m.household_id = $1 and m.lives_here and ($2::text is null or h.team = $2) and p.forgotten is not true
order by m.relation, m.person_id
limit $3;
