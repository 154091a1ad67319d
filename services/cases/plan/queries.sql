-- upsert_plan_list --
-- One row per plan. A batch that was folded in before changes nothing.
insert into plan_list as kept (
    plan_id, person_id, agreement_id, state, plan_version, review_on, closed_on, outcome,
    client_factors, environment_factors, unresolved, recommendation, position)
select plan_id, person_id, agreement_id, state, plan_version, review_on, closed_on, outcome,
       client_factors::jsonb, environment_factors::jsonb, unresolved, recommendation, position
from unnest(
    $1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::int[], $6::date[], $7::date[], $8::text[],
    $9::text[], $10::text[], $11::text[], $12::text[], $13::bigint[])
    as batch (plan_id, person_id, agreement_id, state, plan_version, review_on, closed_on, outcome,
              client_factors, environment_factors, unresolved, recommendation, position)
on conflict (plan_id) do update set
    person_id           = coalesce(excluded.person_id, kept.person_id),
    agreement_id        = coalesce(excluded.agreement_id, kept.agreement_id),
    state               = coalesce(excluded.state, kept.state),
    plan_version        = coalesce(excluded.plan_version, kept.plan_version),
    review_on           = coalesce(excluded.review_on, kept.review_on),
    closed_on           = coalesce(excluded.closed_on, kept.closed_on),
    outcome             = coalesce(excluded.outcome, kept.outcome),
    client_factors      = coalesce(excluded.client_factors, kept.client_factors),
    environment_factors = coalesce(excluded.environment_factors, kept.environment_factors),
    unresolved          = coalesce(excluded.unresolved, kept.unresolved),
    recommendation      = coalesce(excluded.recommendation, kept.recommendation),
    position            = excluded.position
where kept.position < excluded.position;

-- upsert_plan_goal --
-- One row per goal. A batch that was folded in before changes nothing.
insert into plan_goal as kept (goal_id, plan_id, wording, need, state, comment, position)
select * from unnest(
    $1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bigint[])
on conflict (goal_id) do update set
    plan_id  = coalesce(excluded.plan_id, kept.plan_id),
    wording  = coalesce(excluded.wording, kept.wording),
    need     = coalesce(excluded.need, kept.need),
    state    = coalesce(excluded.state, kept.state),
    comment  = coalesce(excluded.comment, kept.comment),
    position = excluded.position
where kept.position < excluded.position;

-- upsert_plan_step --
-- One row per step. A batch that was folded in before changes nothing.
insert into plan_step as kept (
    step_id, goal_id, plan_id, person_id, what, doer, worker, due, state, comment, position)
select * from unnest(
    $1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::uuid[], $8::date[],
    $9::text[], $10::text[], $11::bigint[])
on conflict (step_id) do update set
    goal_id   = coalesce(excluded.goal_id, kept.goal_id),
    plan_id   = coalesce(excluded.plan_id, kept.plan_id),
    person_id = coalesce(excluded.person_id, kept.person_id),
    what      = coalesce(excluded.what, kept.what),
    doer      = coalesce(excluded.doer, kept.doer),
    worker    = coalesce(excluded.worker, kept.worker),
    due       = coalesce(excluded.due, kept.due),
    state     = coalesce(excluded.state, kept.state),
    comment   = coalesce(excluded.comment, kept.comment),
    position  = excluded.position
where kept.position < excluded.position;

-- plans --
-- The next review first; index plan_list_person serves the page of one person.
select plan_id, person_id, agreement_id, state, plan_version, review_on, closed_on, outcome,
       array(select jsonb_array_elements_text(client_factors)) as client_factors,
       array(select jsonb_array_elements_text(environment_factors)) as environment_factors,
       unresolved, recommendation
from plan_list
where person_id is not null and state is not null
  and ($1::uuid is null or person_id = $1)
  and ($2::text is null or state = $2)
order by state = 'closed', review_on nulls last, plan_id
limit $3;

-- plans_due --
-- Of clients whose agreement is in force; indexes agreement_list_key_worker and plan_list_person.
select p.plan_id, p.person_id, p.review_on
from plan_list p
where p.person_id in (select a.person_id from agreement_list a where a.key_worker = $1 and a.state = 'in_force')
  and (p.state = 'in_review' or (p.state = 'active' and p.review_on <= $2))
order by p.review_on nulls first, p.plan_id
limit $3;

-- plan_goals --
-- In the order they were proposed: ids sort by the time they were made.
select goal_id, plan_id, wording, need, state, comment
from plan_goal
where plan_id = $1 and wording is not null and state is not null
order by goal_id
limit $2;

-- plan_steps --
-- The nearest day first; indexes plan_step_plan and plan_step_worker.
select s.step_id, s.goal_id, s.plan_id, s.person_id, s.what, s.doer, s.worker, s.due, s.state, s.comment,
       p.state as plan_state
from plan_step s
left join plan_list p on p.plan_id = s.plan_id
where s.what is not null and s.state is not null
  and ($1::uuid is null or s.plan_id = $1)
  and ($2::uuid is null or s.worker = $2)
  and (not $3::bool or s.state = 'planned')
order by s.due nulls last, s.step_id
limit $4;
