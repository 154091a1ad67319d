-- upsert_contact_fact --
-- One row per contact, and in the same statement everything it adds to: what a row said before is taken away, what it
-- says now is added. A batch that was folded in before changes nothing, for then no row is written.
with batch as (
    select contact_id, held_on, municipality, locality, channel, counted_as, minutes, approached, topics::jsonb as topics,
           sex, age_band, heard_before, team, person_id, linked, voided, position
    from unnest(
        $1::uuid[], $2::date[], $3::text[], $4::text[], $5::text[], $6::text[], $7::int[], $8::int[], $9::text[],
        $10::text[], $11::text[], $12::bool[], $13::text[], $14::uuid[], $15::bool[], $16::bool[], $17::bigint[])
        as arrived (contact_id, held_on, municipality, locality, channel, counted_as, minutes, approached, topics, sex,
                age_band, heard_before, team, person_id, linked, voided, position)
), written as (
    insert into contact_fact as kept (
        contact_id, held_on, municipality, locality, channel, counted_as, minutes, approached, topics, sex, age_band,
        heard_before, team, person_id, linked, voided, position)
    select * from batch
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
    where kept.position < excluded.position
    returning contact_id, held_on, municipality, locality, counted_as, approached, person_id, linked, voided
), said as (                                        -- before: as the statement found it
    select -1 as sign, old.contact_id, old.held_on, old.municipality, old.locality, old.counted_as, old.approached,
           old.person_id, old.linked, old.voided
    from contact_fact old join written using (contact_id)
    union all
    select 1, contact_id, held_on, municipality, locality, counted_as, approached, person_id, linked, voided
    from written
), counted as (
    select sign, contact_id, held_on, date_trunc('month', held_on::timestamp)::date as month,
           coalesce(municipality, '') as municipality, coalesce(locality, '') as locality, counted_as, approached,
           linked, counted_as <> 'neither' as meets, person_id
    from said
    where not voided and held_on is not null
), summed as (
    insert into contact_tally as kept (
        held_on, municipality, locality, contacts, interventions, approaches, anonymous)
    select held_on, municipality, locality,
           coalesce(sum(sign) filter (where counted_as = 'contact'), 0),
           coalesce(sum(sign) filter (where counted_as = 'intervention'), 0),
           coalesce(sum(sign * approached), 0),
           coalesce(sum(sign) filter (where meets and not linked), 0)
    from counted
    group by held_on, municipality, locality
    on conflict (held_on, municipality, locality) do update set
        contacts      = kept.contacts + excluded.contacts,
        interventions = kept.interventions + excluded.interventions,
        approaches    = kept.approaches + excluded.approaches,
        anonymous     = kept.anonymous + excluded.anonymous
), met as (
    insert into person_month as kept (person_id, month, municipality, times)
    select person_id, month, municipality, sum(sign)
    from counted
    where linked and meets
    group by person_id, month, municipality
    having sum(sign) <> 0
    on conflict (person_id, month, municipality) do update set times = kept.times + excluded.times
    returning person_id, month, municipality, times
), persons as (
    insert into month_tally as kept (month, municipality, persons)
    select month, municipality, sum((met.times > 0)::int - (coalesce(old.times, 0) > 0)::int)
    from met left join person_month old using (person_id, month, municipality)
    group by month, municipality
    having sum((met.times > 0)::int - (coalesce(old.times, 0) > 0)::int) <> 0
    on conflict (month, municipality) do update set persons = kept.persons + excluded.persons
), touched as (
    select distinct person_id from counted where linked and meets
), standing as (                                    -- what these persons have now
    select person_id, locality, held_on from counted where sign > 0 and linked and meets
    union all
    select f.person_id, coalesce(f.locality, ''), f.held_on
    from touched join contact_fact f using (person_id)
    where f.linked and not f.voided and f.counted_as <> 'neither' and f.held_on is not null
      and not exists (select from written where written.contact_id = f.contact_id)
)
insert into person_span as kept (person_id, locality, first_on, last_on)
select person_id, locality, min(held_on), max(held_on)
from (
    select person_id, '' as locality, held_on from standing
    union all
    select person_id, locality, held_on from standing where locality <> ''
    union all
    select person_id, locality, null from touched join person_span using (person_id)
) as spans
group by person_id, locality
on conflict (person_id, locality) do update set first_on = excluded.first_on, last_on = excluded.last_on
where (kept.first_on, kept.last_on) is distinct from (excluded.first_on, excluded.last_on);

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
-- Contacts and families are counted apart and only laid side by side (K04). A month of which a part is outside the
-- period is counted from its contacts, whole ones from what they add up to.
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
), one_of_several as (
    select person_id, human_id from human
    union
    select human_id, human_id from human
), summed as (
    select date_trunc('month', held_on::timestamp)::date as month, municipality,
           sum(contacts)::int as contacts, sum(interventions)::int as interventions, sum(approaches)::int as approaches
    from contact_tally
    where held_on between $1 and $2 and ($3::text is null or municipality = $3)
    group by 1, 2
), partly as (
    select distinct month
    from (values (date_trunc('month', $1::timestamp)::date), (date_trunc('month', $2::timestamp)::date)) as edge (month)
    where exists (select from contact_tally
                  where held_on >= month and held_on < month + interval '1 month' and held_on not between $1 and $2)
), met as (
    select month, municipality, persons
    from month_tally
    where month between date_trunc('month', $1::timestamp) and $2 and ($3::text is null or municipality = $3)
      and month not in (select month from partly)
    union all                                       -- whoever has several records was counted once for each
    select m.month, m.municipality, (count(distinct s.human_id) - count(*))::int
    from one_of_several s join person_month m using (person_id)
    where m.times > 0 and m.month between date_trunc('month', $1::timestamp) and $2
      and ($3::text is null or m.municipality = $3) and m.month not in (select month from partly)
    group by m.month, m.municipality
    union all
    select partly.month, coalesce(f.municipality, ''), count(distinct coalesce(h.human_id, f.person_id))::int
    from partly
    join contact_fact f on f.held_on >= partly.month and f.held_on < partly.month + interval '1 month'
    left join human h on h.person_id = f.person_id
    where not f.voided and f.held_on between $1 and $2 and ($3::text is null or f.municipality = $3)
      and f.linked and f.counted_as <> 'neither'
    group by 1, 2
), unique_by_month as (
    select month, municipality, sum(persons)::int as unique_persons from met group by month, municipality
), counted as (
    select month, nullif(municipality, '') as municipality, contacts, interventions, approaches, unique_persons
    from summed left join unique_by_month using (month, municipality)
    where contacts <> 0 or interventions <> 0 or approaches <> 0
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
-- Described places of work, for teams that use them. Who was met there in the period: as in period_counts.
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
), one_of_several as (
    select person_id, human_id from human
    union
    select human_id, human_id from human
), met as not materialized (
    select person_id, locality
    from person_span s
    where locality <> '' and first_on <= $2 and last_on >= $1
      and (first_on >= $1 or last_on <= $2
           or exists (select from contact_fact f
                      where f.person_id = s.person_id and f.held_on between $1 and $2 and f.locality = s.locality
                        and f.linked and not f.voided and f.counted_as <> 'neither'))
), persons as (                                     -- whoever has several records is taken away, and added once
    select locality, sum(persons)::int as unique_persons
    from (
        select locality, count(*) as persons from met group by locality
        union all
        select locality, count(distinct human_id) - count(*)
        from met join one_of_several using (person_id)
        group by locality
    ) as both_ways
    group by locality
), summed as (
    select locality, sum(contacts)::int as contacts, sum(interventions)::int as interventions,
           sum(approaches)::int as approaches
    from contact_tally
    where held_on between $1 and $2 and locality <> ''
    group by locality
)
select locality, contacts, interventions, approaches, coalesce(unique_persons, 0) as unique_persons
from summed left join persons using (locality)
where contacts <> 0 or interventions <> 0 or approaches <> 0
order by locality
limit $3;

-- period_counts --
-- One row, also when nothing happened. Who was met: whoever's first or last contact lies in the period; only somebody met
-- both before and after it is looked for among the contacts.
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
), one_of_several as (
    select person_id, human_id from human
    union
    select human_id, human_id from human
), met as not materialized (
    select person_id
    from person_span s
    where locality = '' and first_on <= $2 and last_on >= $1
      and (first_on >= $1 or last_on <= $2
           or exists (select from contact_fact f
                      where f.person_id = s.person_id and f.held_on between $1 and $2
                        and f.linked and not f.voided and f.counted_as <> 'neither'))
), seen as (                                        -- the last word on a family in the period
    select distinct on (household_id) persons
    from family_fact
    where monitored_on between $1 and $2
    order by household_id, monitored_at desc
)
select coalesce(sum(contacts), 0)::int as contacts,
       coalesce(sum(interventions), 0)::int as interventions,
       coalesce(sum(approaches), 0)::int as approaches,
       ((select count(*) from met)
        + (select count(distinct human_id) - count(*) from met join one_of_several using (person_id)))::int
           as unique_persons,
       (select count(*)::int from seen) as families,
       (select coalesce(sum(persons), 0)::int from seen) as family_persons
from contact_tally
where held_on between $1 and $2;

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
       (select coalesce(sum(anonymous), 0)::int from contact_tally where held_on between $1 and $2) as anonymous
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
