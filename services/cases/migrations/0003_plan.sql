-- 0003_plan.sql: individual plans, their goals and steps, filled by services/cases/plan/projection.py.
-- Expand only: new tables, nothing existing is locked.
-- Back out: drop table plan_list, plan_goal, plan_step; the log rebuilds them.
create table plan_list (
    plan_id             uuid   primary key,
    person_id           uuid,           -- nullable: a batch may begin in the middle of a plan's life
    agreement_id        uuid,
    state               text,           -- draft, active, in_review, closed
    plan_version        integer,
    review_on           date,
    closed_on           date,
    outcome             text,
    client_factors      jsonb,          -- array of codes
    environment_factors jsonb,
    unresolved          text,           -- sealed under the client's own key
    recommendation      text,           -- sealed
    position            bigint not null -- of the last event folded in, in the log of `cases`
);
create index plan_list_person on plan_list (person_id);
create table plan_goal (
    goal_id  uuid   primary key,
    plan_id  uuid,
    wording  text,                      -- sealed
    need     text,
    state    text,
    comment  text,                      -- sealed
    position bigint not null
);
create index plan_goal_plan on plan_goal (plan_id);
create table plan_step (
    step_id   uuid   primary key,
    goal_id   uuid,
    plan_id   uuid,
    person_id uuid,
    what      text,                     -- sealed
    doer      text,
    worker    uuid,
    due       date,
    state     text,
    comment   text,                     -- sealed
    position  bigint not null
);
create index plan_step_plan on plan_step (plan_id);
create index plan_step_worker on plan_step (worker, due) where state = 'planned';
