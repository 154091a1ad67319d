-- 0001_project.sql: projects and their figures, filled by services/reporting/project/projection.py.
-- Expand only: new tables, nothing existing is locked.
-- Back out: drop table project_list, project_group, project_figure; the log rebuilds them.
create table project_list (
    project_id          uuid   primary key,
    number              text,            -- any text, as the funder writes it
    name                text,
    funder              text,
    funder_kind         text,
    programme           text,
    call                text,
    leader              uuid,            -- opaque user id
    partners            jsonb,
    planned_start       date,
    planned_end         date,
    goal                text,
    key_activities      jsonb,
    min_support_minutes integer,
    stage               text,
    started_on          date,
    actual_end          date,            -- only after an early end; the planned end stays
    reason              text,            -- sealed under the project's own key
    last_on             date,
    position            bigint not null  -- of the last event folded in, in the log of `reporting`
);
create table project_group (
    project_id   uuid,
    target_group text,
    position     bigint not null,
    primary key (project_id, target_group)
);
create table project_figure (
    project_id  uuid,
    indicator   text,
    kind        text,                    -- target, baseline or actual: never filled from each other
    period_from date,
    period_to   date,
    value       integer,
    approximate boolean,
    source      text,
    position    bigint not null,
    primary key (project_id, indicator, kind, period_from, period_to)
);
