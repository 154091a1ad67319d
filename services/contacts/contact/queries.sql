-- upsert_contact_list --
-- One row per contact. A batch that was folded in before changes nothing. Words of the forgotten go for good.
insert into contact_list as kept (
    contact_id, worker, team, person_id, linked, channel, municipality, locality, place, started_at, minutes,
    counted_as, topics, activities, approached, spoke, nickname, sex, age_band, heard_before, note, revision,
    in_conflict, proposed, proposes_note, proposed_note, voided, erased, position
)
select
    contact_id, worker, team, person_id, linked, channel, municipality, locality,
    case when erased then null else place end, started_at, minutes,
    counted_as, topics::jsonb, activities::jsonb, approached, spoke,
    case when erased then null else nickname end, sex, age_band, heard_before,
    case when erased then null else note end, revision,
    in_conflict, proposed::jsonb, proposes_note,
    case when erased then null else proposed_note end, voided, erased, position
from unnest(
    $1::uuid[], $2::uuid[], $3::text[], $4::uuid[], $5::bool[], $6::text[], $7::text[], $8::text[], $9::text[],
    $10::timestamptz[], $11::int[], $12::text[], $13::text[], $14::text[], $15::int[], $16::int[], $17::text[],
    $18::text[], $19::text[], $20::bool[], $21::text[], $22::int[], $23::bool[], $24::text[], $25::bool[],
    $26::text[], $27::bool[], $28::bool[], $29::bigint[]
) as batch (
    contact_id, worker, team, person_id, linked, channel, municipality, locality, place,
    started_at, minutes, counted_as, topics, activities, approached, spoke, nickname,
    sex, age_band, heard_before, note, revision, in_conflict, proposed, proposes_note,
    proposed_note, voided, erased, position
)
on conflict (contact_id) do update set
    worker        = coalesce(excluded.worker, kept.worker),
    team          = coalesce(excluded.team, kept.team),
    person_id     = coalesce(excluded.person_id, kept.person_id),
    linked        = coalesce(excluded.linked, kept.linked),
    channel       = coalesce(excluded.channel, kept.channel),
    municipality  = coalesce(excluded.municipality, kept.municipality),
    locality      = coalesce(excluded.locality, kept.locality),
    place         = case when coalesce(excluded.erased, kept.erased) then null
                         else coalesce(excluded.place, kept.place) end,
    started_at    = coalesce(excluded.started_at, kept.started_at),
    minutes       = coalesce(excluded.minutes, kept.minutes),
    counted_as    = coalesce(excluded.counted_as, kept.counted_as),
    topics        = coalesce(excluded.topics, kept.topics),
    activities    = coalesce(excluded.activities, kept.activities),
    approached    = coalesce(excluded.approached, kept.approached),
    spoke         = coalesce(excluded.spoke, kept.spoke),
    nickname      = case when coalesce(excluded.erased, kept.erased) then null
                         else coalesce(excluded.nickname, kept.nickname) end,
    sex           = coalesce(excluded.sex, kept.sex),
    age_band      = coalesce(excluded.age_band, kept.age_band),
    heard_before  = coalesce(excluded.heard_before, kept.heard_before),
    note          = case when coalesce(excluded.erased, kept.erased) then null
                         else coalesce(excluded.note, kept.note) end,
    revision      = coalesce(excluded.revision, kept.revision),
    in_conflict   = coalesce(excluded.in_conflict, kept.in_conflict),
    proposed      = coalesce(excluded.proposed, kept.proposed),
    proposes_note = coalesce(excluded.proposes_note, kept.proposes_note),
    proposed_note = case when coalesce(excluded.erased, kept.erased) then null
                         else coalesce(excluded.proposed_note, kept.proposed_note) end,
    voided        = coalesce(excluded.voided, kept.voided),
    erased        = coalesce(excluded.erased, kept.erased),
    position      = excluded.position
where kept.position < excluded.position;

-- contacts --
-- Latest first; the month is a month in Prague. The person's team answers for a contact, also for older ones.
-- Index contact_list_narrow says which; only what is shown is read whole.
with chosen as materialized (
    select c.contact_id
    from contact_list c
    where c.channel is not null
      and ($1::text is null
           or coalesce((select p.team from person_list p where c.linked and p.person_id = c.person_id), c.team) = $1)
      and ($2::text is null or c.municipality = $2)
      and ($3::text is null or c.locality = $3)
      and ($4::date is null or (
            c.started_at >= date_trunc('month', $4::date::timestamp) at time zone 'Europe/Prague'
        and c.started_at
            < (date_trunc('month', $4::date::timestamp) + interval '1 month') at time zone 'Europe/Prague'))
      and ($5::uuid is null or c.worker = $5)
      and (not $6::bool or c.in_conflict)
    order by c.started_at desc, c.contact_id
    limit $7
)
select c.contact_id, case when c.linked then c.person_id end as person_id,
       coalesce(p.nickname, c.nickname) as nickname, nullif(coalesce(p.team, c.team), '') as team,
       c.worker, c.channel, c.municipality, c.locality, c.started_at, c.minutes, c.counted_as, c.topics,
       c.approached, c.spoke, c.in_conflict, c.voided
from chosen
join contact_list c using (contact_id)
left join person_list p on c.linked and p.person_id = c.person_id
order by c.started_at desc, c.contact_id;

-- contact_counts --
-- The sums over what `contacts` lists; without words, so that nothing is opened for it. Of the latest few the team is
-- looked up one by one, along index contact_list_narrow; of all of them at once. $6 decides which half is empty.
with found as (
    (select c.counted_as, c.approached, c.in_conflict, c.voided
     from contact_list c
     where $6::int is not null and c.channel is not null
       and ($1::text is null
            or coalesce((select p.team from person_list p where c.linked and p.person_id = c.person_id), c.team) = $1)
       and ($2::text is null or c.municipality = $2)
       and ($3::text is null or c.locality = $3)
       and ($4::date is null or (
             c.started_at >= date_trunc('month', $4::date::timestamp) at time zone 'Europe/Prague'
         and c.started_at
             < (date_trunc('month', $4::date::timestamp) + interval '1 month') at time zone 'Europe/Prague'))
       and ($5::uuid is null or c.worker = $5)
     order by c.started_at desc, c.contact_id
     limit $6)
    union all
    (select c.counted_as, c.approached, c.in_conflict, c.voided
     from contact_list c
     left join person_list p on c.linked and p.person_id = c.person_id
     where $6::int is null and c.channel is not null
       and ($1::text is null or coalesce(p.team, c.team) = $1)
       and ($2::text is null or c.municipality = $2)
       and ($3::text is null or c.locality = $3)
       and ($4::date is null or (
             c.started_at >= date_trunc('month', $4::date::timestamp) at time zone 'Europe/Prague'
         and c.started_at
             < (date_trunc('month', $4::date::timestamp) + interval '1 month') at time zone 'Europe/Prague'))
       and ($5::uuid is null or c.worker = $5))
)
select count(*)::int as total,
       count(*) filter (where counted_as = 'contact' and not voided)::int as contacts,
       count(*) filter (where counted_as = 'intervention' and not voided)::int as interventions,
       count(*) filter (where counted_as = 'neither' and not voided)::int as neither,
       coalesce(sum(approached) filter (where not voided), 0)::int as approached,
       count(*) filter (where in_conflict)::int as in_conflict,
       count(*) filter (where voided)::int as voided
from found;

-- contact_detail --
-- One contact, with the other value while two of them wait for a choice.
select c.contact_id, case when c.linked then c.person_id end as person_id,
       coalesce(p.nickname, c.nickname) as nickname, nullif(coalesce(p.team, c.team), '') as team,
       c.worker, c.channel, c.municipality, c.locality, c.place, c.started_at, c.minutes, c.counted_as,
       c.topics, c.activities, c.approached, c.spoke, c.sex, c.age_band, c.heard_before, c.note, c.revision,
       c.in_conflict, case when c.in_conflict then c.proposed end as proposed,
       case when c.in_conflict and c.proposes_note then c.proposed_note end as proposed_note, c.voided
from contact_list c
left join person_list p on c.linked and p.person_id = c.person_id
where c.contact_id = $1 and c.channel is not null and ($2::text is null or coalesce(p.team, c.team) = $2);
