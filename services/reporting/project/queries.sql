-- upsert_project_list --
-- One row per project. A batch that was folded in before changes nothing.
insert into project_list as kept (
    project_id, number, name, funder, funder_kind, programme, call, leader, partners, planned_start, planned_end, goal,
    key_activities, min_support_minutes, stage, started_on, actual_end, reason, last_on, position)
select
    project_id, number, name, funder, funder_kind, programme, call, leader, partners::jsonb, planned_start, planned_end,
    goal, key_activities::jsonb, min_support_minutes, stage, started_on, actual_end, reason, last_on, position
from unnest(
    $1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::uuid[], $9::text[],
    $10::date[], $11::date[], $12::text[], $13::text[], $14::int[], $15::text[], $16::date[], $17::date[], $18::text[],
    $19::date[], $20::bigint[])
    as batch (project_id, number, name, funder, funder_kind, programme, call, leader, partners, planned_start,
              planned_end, goal, key_activities, min_support_minutes, stage, started_on, actual_end, reason, last_on,
              position)
on conflict (project_id) do update set
    number              = coalesce(excluded.number, kept.number),
    name                = coalesce(excluded.name, kept.name),
    funder              = coalesce(excluded.funder, kept.funder),
    funder_kind         = coalesce(excluded.funder_kind, kept.funder_kind),
    programme           = coalesce(excluded.programme, kept.programme),
    call                = coalesce(excluded.call, kept.call),
    leader              = coalesce(excluded.leader, kept.leader),
    partners            = coalesce(excluded.partners, kept.partners),
    planned_start       = coalesce(excluded.planned_start, kept.planned_start),
    planned_end         = coalesce(excluded.planned_end, kept.planned_end),
    goal                = coalesce(excluded.goal, kept.goal),
    key_activities      = coalesce(excluded.key_activities, kept.key_activities),
    min_support_minutes = coalesce(excluded.min_support_minutes, kept.min_support_minutes),
    stage               = coalesce(excluded.stage, kept.stage),
    started_on          = coalesce(excluded.started_on, kept.started_on),
    actual_end          = coalesce(excluded.actual_end, kept.actual_end),
    reason              = coalesce(excluded.reason, kept.reason),
    last_on             = coalesce(excluded.last_on, kept.last_on),
    position            = excluded.position
where kept.position < excluded.position;

-- upsert_project_group --
-- Target groups are only ever added.
insert into project_group as kept (project_id, target_group, position)
select * from unnest($1::uuid[], $2::text[], $3::bigint[])
on conflict (project_id, target_group) do update set position = excluded.position
where kept.position < excluded.position;

-- upsert_project_figure --
-- One row per kind, indicator and period; a figure recorded anew replaces its own, never another kind's.
insert into project_figure as kept (
    project_id, indicator, kind, period_from, period_to, value, approximate, source, position)
select * from unnest(
    $1::uuid[], $2::text[], $3::text[], $4::date[], $5::date[], $6::int[], $7::bool[], $8::text[], $9::bigint[])
on conflict (project_id, indicator, kind, period_from, period_to) do update set
    value       = excluded.value,
    approximate = excluded.approximate,
    source      = excluded.source,
    position    = excluded.position
where kept.position < excluded.position;

-- projects --
-- The newest plan first.
select project_id, number, name, funder, stage, planned_start, planned_end, actual_end
from project_list
where $1::text is null or stage = $1
order by planned_start desc, project_id
limit $2;

-- project_detail --
-- One project card; days include both ends.
select p.project_id, p.number, p.name, p.funder, p.funder_kind, p.programme, p.call, p.leader,
       array(select jsonb_array_elements_text(p.partners)) as partners,
       p.planned_start, p.planned_end, p.goal,
       array(select g.target_group from project_group g where g.project_id = p.project_id order by g.target_group)
           as target_groups,
       array(select jsonb_array_elements_text(p.key_activities)) as key_activities,
       p.min_support_minutes, p.stage, p.started_on, p.actual_end, p.reason, p.last_on,
       p.planned_end - p.planned_start + 1 as planned_days,
       p.actual_end - coalesce(p.started_on, p.planned_start) + 1 as actual_days
from project_list p
where p.project_id = $1;

-- project_figures --
-- Target and actual side by side; the share is computed here and stored nowhere (K05).
select f.indicator, f.kind, f.period_from, f.period_to, f.value, f.approximate, f.source,
       case when f.kind = 'actual' then round(100.0 * f.value / nullif(t.value, 0), 1)::float8 end as fulfilment
from project_figure f
left join project_figure t on t.project_id = f.project_id and t.indicator = f.indicator and t.kind = 'target'
where f.project_id = $1
order by f.indicator, f.period_from, f.kind
limit $2;

-- project_counts --
-- From the start to the actual end; what came after an early end is told apart (K07).
with recursive project as (
    select coalesce(started_on, planned_start) as first_day, coalesce(actual_end, planned_end) as last_day, planned_end
    from project_list
    where project_id = $1
), link as (
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
), met as not materialized (                        -- as in period_counts
    select s.person_id
    from project p
    join person_span s on s.locality = '' and s.first_on <= p.last_day and s.last_on >= p.first_day
    where s.first_on >= p.first_day or s.last_on <= p.last_day
       or exists (select from contact_fact f
                  where f.person_id = s.person_id and f.held_on between p.first_day and p.last_day
                    and f.linked and not f.voided and f.counted_as <> 'neither')
)
select p.first_day, p.last_day,
       coalesce(sum(t.contacts) filter (where t.held_on <= p.last_day), 0)::int as contacts,
       coalesce(sum(t.interventions) filter (where t.held_on <= p.last_day), 0)::int as interventions,
       coalesce(sum(t.approaches) filter (where t.held_on <= p.last_day), 0)::int as approaches,
       ((select count(*) from met)
        + (select count(distinct human_id) - count(*) from met join one_of_several using (person_id)))::int
           as unique_persons,
       coalesce(sum(t.contacts + t.interventions) filter (where t.held_on > p.last_day), 0)::int as excluded
from project p
left join contact_tally t on t.held_on between p.first_day and p.planned_end
group by p.first_day, p.last_day;

-- excluded_contacts --
-- What a funder may ask about after an early end: planned for, but not part of the project any more (K07).
select f.contact_id, f.held_on, f.counted_as
from project_list p
join contact_fact f on f.held_on > p.actual_end and f.held_on <= p.planned_end and not f.voided
where p.project_id = $1 and f.counted_as <> 'neither'
order by f.held_on, f.contact_id
limit $2;
