-- upsert_person_list --
-- One row per record. A withdrawn name and the words of the forgotten go for good.
insert into person_list as kept (
    person_id, nickname, code, name, named, team, stage, identity, sex, age_band, housing, residence, same_as,
    linked, episode, held, forgotten, position
)
select
    person_id, case when forgotten then null else nickname end, code,
    case when named is false then null else name end, named, team, stage, identity, sex, age_band, housing,
    residence, same_as, linked, episode, held, forgotten, position
from unnest(
    $1::uuid[], $2::text[], $3::text[], $4::text[], $5::bool[], $6::text[], $7::text[], $8::text[], $9::text[],
    $10::text[], $11::text[], $12::text[], $13::uuid[], $14::bool[], $15::int[], $16::bool[], $17::bool[],
    $18::bigint[]
) as batch (
    person_id, nickname, code, name, named, team, stage, identity, sex,
    age_band, housing, residence, same_as, linked, episode, held, forgotten,
    position
)
on conflict (person_id) do update set
    nickname  = case when coalesce(excluded.forgotten, kept.forgotten) then null
                     else coalesce(excluded.nickname, kept.nickname) end,
    code      = coalesce(excluded.code, kept.code),
    name      = case when excluded.named is false then null else coalesce(excluded.name, kept.name) end,
    named     = coalesce(excluded.named, kept.named),
    team      = coalesce(excluded.team, kept.team),
    stage     = coalesce(excluded.stage, kept.stage),
    identity  = coalesce(excluded.identity, kept.identity),
    sex       = coalesce(excluded.sex, kept.sex),
    age_band  = coalesce(excluded.age_band, kept.age_band),
    housing   = coalesce(excluded.housing, kept.housing),
    residence = coalesce(excluded.residence, kept.residence),
    same_as   = coalesce(excluded.same_as, kept.same_as),
    linked    = coalesce(excluded.linked, kept.linked),
    episode   = coalesce(excluded.episode, kept.episode),
    held      = coalesce(excluded.held, kept.held),
    forgotten = coalesce(excluded.forgotten, kept.forgotten),
    position  = excluded.position
where kept.position < excluded.position;

-- upsert_person_timeline --
-- One row per step; told again it changes nothing but the position.
insert into person_timeline as kept (person_id, step, happened_at, stage, position)
select * from unnest($1::uuid[], $2::text[], $3::timestamptz[], $4::text[], $5::bigint[])
on conflict (person_id, step, happened_at) do update set
    stage    = coalesce(excluded.stage, kept.stage),
    position = excluded.position
where kept.position < excluded.position;

-- persons --
-- Whoever something happened to last stands first.
select p.person_id, p.nickname, p.code, p.stage, p.identity, nullif(p.team, '') as team, p.sex, p.age_band,
       case when p.linked then p.same_as end as same_as,
       (select count(*) from contact_list c
        where c.linked and c.person_id = p.person_id and c.voided is not true)::int as contacts,
       p.position
from person_list p
where p.forgotten is not true and p.stage is not null
  and ($1::text is null or p.team = $1)
  and ($2::text is null or p.stage = $2)
  and ($3::uuid[] is null or p.person_id = any ($3))
  and ($4::bigint is null or p.position < $4)
order by p.position desc
limit $5;

-- person_counts --
-- By stage; index person_list_stage.
select stage, count(*)::int as persons
from person_list
where forgotten is not true and stage is not null
  and ($1::text is null or team = $1)
  and ($2::uuid[] is null or person_id = any ($2))
group by stage;

-- person_names --
-- What changed after a position, oldest change first. Whoever is no longer theirs to see comes without a word.
select p.person_id, case when here then p.nickname end as nickname, case when here then p.code end as code,
       case when here then p.stage end as stage, case when here then nullif(p.team, '') end as team,
       case when here then p.age_band end as age_band, not here as gone, p.position
from person_list p,
     lateral (select p.forgotten is not true and p.stage is not null and p.linked is not true
                     and ($1::text is null or p.team = $1)) as seen (here)
where p.position > $2
order by p.position
limit $3;

-- person_detail --
-- One record, unless it is another team's or forgotten.
select person_id, nickname, code, name, stage, identity, nullif(team, '') as team, sex, age_band, housing,
       residence, case when linked then same_as end as same_as, coalesce(episode, 1) as episode,
       coalesce(held, false) as held
from person_list
where person_id = $1 and ($2::text is null or team = $2) and forgotten is not true and stage is not null;

-- person_contacts --
-- The whole history goes with the person: whoever is responsible now sees what other teams recorded.
select c.contact_id, nullif(c.team, '') as team, c.worker, c.channel, c.municipality, c.locality, c.started_at,
       c.minutes, c.counted_as, c.topics, c.note, c.voided
from contact_list c
where c.linked
  and c.person_id in (select person_id from person_list where person_id = $1 or (linked and same_as = $1))
  and exists (select from person_list where person_id = $1 and ($2::text is null or team = $2)
                                        and forgotten is not true)
  and ($3::uuid[] is null or c.contact_id = any ($3))
order by c.started_at desc, c.contact_id
limit $4;

-- person_timeline --
-- Steps and contacts of a person, and of records linked to it, in one order; voided contacts are left out.
with person as (
    select person_id from person_list
    where (person_id = $1 or (linked and same_as = $1))
      and exists (select from person_list where person_id = $1 and ($2::text is null or team = $2)
                                            and forgotten is not true)
)
select 'step' as kind, t.step as what, t.happened_at, t.stage,
       null::uuid as contact_id, null::int as minutes, null::text as counted_as
from person_timeline t join person using (person_id)
where ($3::text is null or $3 = 'step') and ($4::timestamptz is null or t.happened_at <= $4)
union all
select 'contact', c.channel, c.started_at, null, c.contact_id, c.minutes, c.counted_as
from contact_list c join person using (person_id)
where c.linked and c.voided is not true
  and ($3::text is null or $3 = 'contact') and ($4::timestamptz is null or c.started_at <= $4)
order by happened_at desc, contact_id nulls last
limit $5;
