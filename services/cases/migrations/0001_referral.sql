-- 0001_referral.sql: both logs of every referral, the list with their common state, and the sender's tasks;
-- filled by services/cases/referral/projection.py.
-- Expand only: new tables, nothing existing is locked.
-- Back out: drop table referral_task, referral_list, referral_thread; the log rebuilds them.
create table referral_thread (
    referral_id      uuid,
    log              text,             -- draft, request (the sender's), progress (the recipient's)
    number           int,              -- in its log, 1, 2, 3 …; 0 is the draft
    author           uuid,
    kind             text,
    seen             int,              -- how much of the other log the author knew
    occurred_at      timestamptz,
    hosted           boolean,
    sender           uuid,
    recipient        uuid,
    person_id        uuid,             -- on the sender's node only
    need             text,
    urgency          text,
    area             text,
    answer_due       date,
    directory_entry  uuid,
    supersedes       uuid,
    client_name      text,             -- sealed
    contact          text,             -- sealed
    reason           text,             -- sealed
    code             text,
    cause            text,
    text             text,             -- sealed
    worker           uuid,
    first_meeting    date,
    waiting_until    date,
    client_continues boolean,
    proposed         jsonb,            -- array of directory entries
    position         bigint not null,  -- of this entry, in the log of `cases`
    primary key (referral_id, log, number)
);
create table referral_list (
    referral_id      uuid    primary key,
    sender           uuid,
    recipient        uuid,
    hosted           boolean,
    person_id        uuid,
    need             text,
    urgency          text,
    area             text,
    answer_due       date,
    directory_entry  uuid,
    supersedes       uuid,
    client_name      text,             -- sealed
    contact          text,             -- sealed
    reason           text,             -- sealed
    worker           uuid,
    first_meeting    date,
    waiting_until    date,
    client_continues boolean,
    stage            text,             -- the common state, equal at both ends
    outcome          text,             -- of a closed one
    code             text,
    crossed          boolean,
    disclosed        boolean,          -- the recipient was told who it is about
    unanswered       boolean,
    position         bigint not null   -- of the last entry known, in the log of `cases`
);
create index referral_list_waiting on referral_list (answer_due) where unanswered;
create index referral_list_stage on referral_list (stage, referral_id desc);
create table referral_task (
    referral_id uuid   primary key,
    sender      uuid,
    recipient   uuid,
    kind        text,
    code        text,
    since       timestamptz,
    done        boolean,
    position    bigint not null        -- of the last event folded in, in the log of `cases`
);
create index referral_task_open on referral_task (since) where done is null;
