-- 0002_figures.sql: what is counted, filled by services/reporting/figures/contacts.py and cases.py from the logs
-- of `contacts` and `cases`. No person is named here.
-- Expand only: new tables, nothing existing is locked.
-- Back out: drop table contact_fact, family_fact, person_link, referral_fact, agreement_fact; a refill rebuilds them.
create table contact_fact (
    contact_id   uuid   primary key,
    held_on      date,                   -- Prague's day
    municipality text,                   -- RÚIAN code; null: online
    locality     text,
    channel      text,
    counted_as   text,                   -- contact, intervention or neither
    minutes      integer,
    approached   integer,
    topics       jsonb,
    sex          text,
    age_band     text,
    heard_before boolean,                -- null: not asked
    team         text,
    person_id    uuid,                   -- opaque; holds only while linked
    linked       boolean,
    voided       boolean,
    position     bigint not null         -- of the last event folded in, in the log of `contacts`
);
create index contact_fact_held_on on contact_fact (held_on) where not voided;
create table family_fact (
    household_id uuid,
    monitored_at timestamptz,
    monitored_on date,                   -- Prague's day
    persons      integer,
    municipality text,
    position     bigint not null,
    primary key (household_id, monitored_at)
);
create index family_fact_monitored_on on family_fact (monitored_on);
create table person_link (
    person_id uuid   primary key,
    same_as   uuid,
    linked    boolean,
    position  bigint not null
);
create table referral_fact (
    referral_id uuid,
    log         text,                    -- draft, request or progress
    number      integer,
    seen        integer,
    kind        text,
    happened_on date,
    need        text,
    area        text,
    ground      text,
    code        text,
    cause       text,
    started_on  date,
    position    bigint not null,         -- of this entry, in the log of `cases`
    primary key (referral_id, log, number)
);
create table agreement_fact (
    agreement_id uuid   primary key,
    person_id    uuid,
    concluded_on date,
    ended_on     date,
    refused_on   date,
    refusal      text,
    position     bigint not null         -- of the last event folded in, in the log of `cases`
);
create index agreement_fact_concluded_on on agreement_fact (concluded_on);
