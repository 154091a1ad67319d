-- upsert_contact_fact --
-- One row per contact. A batch that was folded in before changes nothing.
insert into contact_fact as kept (
    contact_id, held_on, municipality, locality, channel, counted_as, minutes, approached, topics, sex, age_band,
    heard_before, team, person_id, linked, voided, position)
select
    contact_id, held_on, municipality, locality, channel, counted_as, minutes, approached, topics::jsonb, sex, age_band,
    heard_before, team, person_id, linked, voided, position
from unnest(
    $1::uuid[], $2::date[], $3::text[], $4::text[], $5::text[], $6::text[], $7::int[], $8::int[], $9::text[],
    $10::text[], $11::text[], $12::bool[], $13::text[], $14::uuid[], $15::bool[], $16::bool[], $17::bigint[])
    as batch (contact_id, held_on, municipality, locality, channel, counted_as, minutes, approached, topics, sex,
              age_band, heard_before, team, person_id, linked, voided, position)
on conflict (contact_id) do update set
    held_on      = coalesce(excluded.held_on, kept.held_on),
    municipality = coalesce(excluded.municipality, kept.municipality),
    locality     = coalesce(excluded.locality, kept.locality),
    channel      = coalesce(excluded.channel, kept.channel),
    counted_as   = coalesce(excluded.counted_as, kept.counted_as),
    minutes      = coalesce(excluded.minutes, kept.minutes),
    approached   = coalesce(excluded.approached, kept.approached),
    topics       = coalesce(excluded.topics, kept.topics),
    sex          = coalesce(excluded.sex, kept.sex),
    age_band     = coalesce(excluded.age_band, kept.age_band),
    heard_before = coalesce(excluded.heard_before, kept.heard_before),
    team         = coalesce(excluded.team, kept.team),
    person_id    = coalesce(excluded.person_id, kept.person_id),
    linked       = coalesce(excluded.linked, kept.linked),
    voided       = coalesce(excluded.voided, kept.voided),
    position     = excluded.position
where kept.position < excluded.position;

-- upsert_family_fact --
-- One row per visit or accompaniment of a family.
insert into family_fact as kept (household_id, monitored_at, monitored_on, persons, municipality, position)
select * from unnest($1::uuid[], $2::timestamptz[], $3::date[], $4::int[], $5::text[], $6::bigint[])
on conflict (household_id, monitored_at) do update set
    monitored_on = excluded.monitored_on,
    persons      = excluded.persons,
    municipality = excluded.municipality,
    position     = excluded.position
where kept.position < excluded.position;

-- upsert_person_link --
-- A record points to one other at most.
insert into person_link as kept (person_id, same_as, linked, position)
select * from unnest($1::uuid[], $2::uuid[], $3::bool[], $4::bigint[])
on conflict (person_id) do update set
    same_as  = excluded.same_as,
    linked   = excluded.linked,
    position = excluded.position
where kept.position < excluded.position;

-- upsert_referral_fact --
-- One row per entry of a referral's logs; an entry never changes, so a repeat has nothing to say.
insert into referral_fact (
    referral_id, log, number, seen, kind, happened_on, need, area, ground, code, cause, started_on, position)
select * from unnest(
    $1::uuid[], $2::text[], $3::int[], $4::int[], $5::text[], $6::date[], $7::text[], $8::text[], $9::text[],
    $10::text[], $11::text[], $12::date[], $13::bigint[])
on conflict (referral_id, log, number) do nothing;

-- upsert_agreement_fact --
-- One row per agreement. A batch that was folded in before changes nothing.
insert into agreement_fact as kept (
    agreement_id, person_id, concluded_on, ended_on, refused_on, refusal, position)
select * from unnest(
    $1::uuid[], $2::uuid[], $3::date[], $4::date[], $5::date[], $6::text[], $7::bigint[])
on conflict (agreement_id) do update set
    person_id    = coalesce(excluded.person_id, kept.person_id),
    concluded_on = coalesce(excluded.concluded_on, kept.concluded_on),
    ended_on     = coalesce(excluded.ended_on, kept.ended_on),
    refused_on   = coalesce(excluded.refused_on, kept.refused_on),
    refusal      = coalesce(excluded.refusal, kept.refusal),
    position     = excluded.position
where kept.position < excluded.position;

-- monthly_counts --
-- Contacts and families are counted apart and only laid side by side (K04); index contact_fact_held_on.
with recursive link as (
    select person_id, same_as from person_link where linked
), walk (person_id, reached) as (
    select person_id, same_as from link
    union
    select walk.person_id, link.same_as from walk join link on link.person_id = walk.reached
), human as (                                       -- linked records are one person (K06)
    select walk.person_id,
           coalesce(min(walk.reached::text) filter (where link.person_id is null), min(walk.reached::text))::uuid
               as human_id
    from walk left join link on link.person_id = walk.reached
    group by walk.person_id
), counted as (
    select date_trunc('month', f.held_on::timestamp)::date as month, f.municipality,
           count(*) filter (where f.counted_as = 'contact')::int as contacts,
           count(*) filter (where f.counted_as = 'intervention')::int as interventions,
           coalesce(sum(f.approached), 0)::int as approaches,
           (count(distinct coalesce(h.human_id, f.person_id))
               filter (where f.linked and f.counted_as <> 'neither'))::int as unique_persons
    from contact_fact f
    left join human h on h.person_id = f.person_id
    where not f.voided and f.held_on between $1 and $2 and ($3::text is null or f.municipality = $3)
    group by 1, 2
), seen as (                                        -- the last word on a family in each month
    select distinct on (month, household_id) month, municipality, persons
    from (
        select date_trunc('month', monitored_on::timestamp)::date as month, household_id, municipality, persons,
               monitored_at
        from family_fact
        where monitored_on between $1 and $2 and ($3::text is null or municipality = $3)
    ) as visits
    order by month, household_id, monitored_at desc
), monitored as (
    select month, municipality, count(*)::int as families, sum(persons)::int as family_persons
    from seen
    group by month, municipality
)
select month, municipality,
       coalesce(contacts, 0) as contacts, coalesce(interventions, 0) as interventions,
       coalesce(approaches, 0) as approaches, coalesce(unique_persons, 0) as unique_persons,
       coalesce(families, 0) as families, coalesce(family_persons, 0) as family_persons
from counted full join monitored using (month, municipality)
order by month, municipality nulls last
limit $4;

-- locality_counts --
-- Described places of work, for teams that use them.
with recursive link as (
    select person_id, same_as from person_link where linked
), walk (person_id, reached) as (
    select person_id, same_as from link
    union
    select walk.person_id, link.same_as from walk join link on link.person_id = walk.reached
), human as (                                       -- linked records are one person (K06)
    select walk.person_id,
           coalesce(min(walk.reached::text) filter (where link.person_id is null), min(walk.reached::text))::uuid
               as human_id
    from walk left join link on link.person_id = walk.reached
    group by walk.person_id
)
select f.locality,
       count(*) filter (where f.counted_as = 'contact')::int as contacts,
       count(*) filter (where f.counted_as = 'intervention')::int as interventions,
       coalesce(sum(f.approached), 0)::int as approaches,
       (count(distinct coalesce(h.human_id, f.person_id))
           filter (where f.linked and f.counted_as <> 'neither'))::int as unique_persons
from contact_fact f
left join human h on h.person_id = f.person_id
where not f.voided and f.held_on between $1 and $2 and f.locality is not null
group by f.locality
order by f.locality
limit $3;

-- period_counts --
-- One row, also when nothing happened.
with recursive link as (
    select person_id, same_as from person_link where linked
), walk (person_id, reached) as (
    select person_id, same_as from link
    union
    select walk.person_id, link.same_as from walk join link on link.person_id = walk.reached
), human as (                                       -- linked records are one person (K06)
    select walk.person_id,
           coalesce(min(walk.reached::text) filter (where link.person_id is null), min(walk.reached::text))::uuid
               as human_id
    from walk left join link on link.person_id = walk.reached
    group by walk.person_id
), seen as (                                        -- the last word on a family in the period
    select distinct on (household_id) persons
    from family_fact
    where monitored_on between $1 and $2
    order by household_id, monitored_at desc
)
select count(*) filter (where f.counted_as = 'contact')::int as contacts,
       count(*) filter (where f.counted_as = 'intervention')::int as interventions,
       coalesce(sum(f.approached), 0)::int as approaches,
       (count(distinct coalesce(h.human_id, f.person_id))
           filter (where f.linked and f.counted_as <> 'neither'))::int as unique_persons,
       (select count(*)::int from seen) as families,
       (select coalesce(sum(persons), 0)::int from seen) as family_persons
from contact_fact f
left join human h on h.person_id = f.person_id
where not f.voided and f.held_on between $1 and $2;

-- unique_clients --
-- An agreement makes a client (not a contact); linked records are one person (K06).
with recursive link as (
    select person_id, same_as from person_link where linked
), walk (person_id, reached) as (
    select person_id, same_as from link
    union
    select walk.person_id, link.same_as from walk join link on link.person_id = walk.reached
), human as (
    select walk.person_id,
           coalesce(min(walk.reached::text) filter (where link.person_id is null), min(walk.reached::text))::uuid
               as human_id
    from walk left join link on link.person_id = walk.reached
    group by walk.person_id
)
select count(distinct coalesce(h.human_id, a.person_id))::int as clients,
       (select count(*)::int from contact_fact
        where not voided and held_on between $1 and $2 and counted_as <> 'neither' and not linked) as anonymous
from agreement_fact a
left join human h on h.person_id = a.person_id
where a.concluded_on <= $2 and (a.ended_on is null or a.ended_on >= $1);

-- refusals --
-- Only the grounds of § 91/3 exist (L11).
select refusal as reason, count(*)::int as refusals
from agreement_fact
where refused_on between $1 and $2
group by refusal
order by refusal;

-- referral_counts --
-- Where the referrals sent in a period stand: the table of domain.md §4.6 over the gapless part of both logs.
with known as (
    select * from (
        select *, row_number() over (partition by referral_id, log order by number) as place from referral_fact
    ) as numbered
    where log = 'draft' or number = place
), request as (
    select referral_id,
           min(happened_on) filter (where kind = 'sent') as sent_on,
           min(number) filter (where kind = 'withdrawn') as withdrawn,
           bool_or(kind = 'closed') as closed,
           bool_or(kind = 'entered_in_error') as void
    from known
    where log = 'request'
    group by referral_id
), valid as (                                       -- written unaware of a withdrawal, or allowed all the same
    select known.*
    from known join request using (referral_id)
    where log = 'progress'
      and (withdrawn is null or seen < withdrawn or kind in ('received', 'outcome_corrected')
           or (kind = 'cancelled' and cause = 'withdrawal'))
), final as (                                       -- the first final answer stands for ever
    select distinct on (referral_id) referral_id, kind, seen
    from valid
    where kind in ('declined', 'rerouted', 'expired', 'completed', 'failed', 'cancelled')
    order by referral_id, number
), progress as (
    select referral_id,
           (array_agg(kind order by number desc)
               filter (where kind in ('received', 'accepted', 'started')))[1] as standing,
           (array_agg(kind order by number desc)
               filter (where kind in ('received', 'accepted', 'started', 'put_waiting', 'resumed')))[1] as latest
    from valid
    group by referral_id
), stood as (
    select case when exists (select from known where known.referral_id = request.referral_id and log = 'draft')
                then 'sent' else 'received' end as direction,
           case when void then 'entered_in_error'
                when closed then 'closed'
                when withdrawn is not null and final.seen < withdrawn then final.kind
                when withdrawn is not null and final.kind is not null then 'withdrawn'
                when withdrawn is not null then 'withdrawal_pending'
                when final.kind is not null then final.kind
                when progress.latest = 'put_waiting' then 'waiting'
                when progress.standing = 'started' then 'in_progress'
                when progress.referral_id is not null then coalesce(progress.standing, 'received')
                else 'sent' end as stage
    from request
    left join final using (referral_id)
    left join progress using (referral_id)
    where sent_on between $1 and $2
)
select direction, stage, count(*)::int as referrals
from stood
where $3::text is null or direction = $3
group by direction, stage
order by direction, stage;

-- wandering --
-- Own referrals only: the recipient counts none of them, so figures of several organisations can be added.
with known as (
    select * from (
        select *, row_number() over (partition by referral_id, log order by number) as place from referral_fact
    ) as numbered
    where log = 'draft' or number = place
), request as (
    select referral_id,
           min(happened_on) filter (where kind = 'sent') as sent_on,
           min(number) filter (where kind = 'withdrawn') as withdrawn,
           bool_or(kind = 'entered_in_error') as void
    from known
    where log = 'request'
    group by referral_id
), valid as (                                       -- written unaware of a withdrawal, or allowed all the same
    select known.*
    from known join request using (referral_id)
    where log = 'progress'
      and (withdrawn is null or seen < withdrawn or kind in ('received', 'outcome_corrected')
           or (kind = 'cancelled' and cause = 'withdrawal'))
), final as (                                       -- the first final answer stands for ever
    select distinct on (referral_id) referral_id, kind
    from valid
    where kind in ('declined', 'rerouted', 'expired', 'completed', 'failed', 'cancelled')
    order by referral_id, number
), meeting as (
    select referral_id, min(started_on) as started_on from valid where kind = 'started' group by referral_id
)
select count(*)::int as sent,
       count(*) filter (where final.kind in ('declined', 'rerouted', 'expired'))::int as bounced,
       count(*) filter (where final.kind = 'declined')::int as declined,
       count(*) filter (where final.kind = 'rerouted')::int as rerouted,
       count(*) filter (where final.kind = 'expired')::int as expired,
       count(meeting.started_on)::int as started,
       percentile_cont(0.5) within group (order by meeting.started_on - request.sent_on) as median_days
from request
left join final using (referral_id)
left join meeting using (referral_id)
where sent_on between $1 and $2
  and not void
  and exists (select from known where known.referral_id = request.referral_id and log = 'draft');
