-- 0003_tallies.sql: what contacts add up to, kept up to date with every contact, so that a figure of a year reads
-- hundreds of rows and not every contact. Filled by services/reporting/figures/contacts.py with `contact_fact`, and here
-- from what is there already: a second for 200,000 contacts, during which the read model of contacts waits.
-- Back out: drop table contact_tally, person_month, month_tally, person_span; drop index contact_fact_person,
-- contact_fact_met.
create table contact_tally (
    held_on       date,                  -- Prague's day
    municipality  text,                  -- RÚIAN code; '': online
    locality      text,                  -- '': none described
    contacts      integer not null,
    interventions integer not null,
    approaches    integer not null,
    anonymous     integer not null,      -- contacts and interventions without a known person
    primary key (held_on, municipality, locality)
);
create table person_month (
    person_id    uuid,
    month        date,                   -- its first day
    municipality text,
    times        integer not null,       -- contacts and interventions; 0: corrected, voided or unlinked since
    primary key (person_id, month, municipality)
);
create table month_tally (
    month        date,
    municipality text,
    persons      integer not null,       -- rows of person_month with times > 0
    primary key (month, municipality)
);
create table person_span (
    person_id uuid,
    locality  text,                      -- '': all places together
    first_on  date,                      -- null: no contact any more
    last_on   date,
    primary key (person_id, locality)
);
create index contact_fact_person on contact_fact (person_id, held_on)
    where linked and not voided and counted_as <> 'neither';
create index contact_fact_met on contact_fact (held_on) include (person_id, locality)
    where linked and not voided and counted_as <> 'neither';

insert into contact_tally
select held_on, coalesce(municipality, ''), coalesce(locality, ''),
       count(*) filter (where counted_as = 'contact'), count(*) filter (where counted_as = 'intervention'),
       coalesce(sum(approached), 0), count(*) filter (where counted_as <> 'neither' and not linked)
from contact_fact
where not voided and held_on is not null
group by 1, 2, 3;
insert into person_month
select person_id, date_trunc('month', held_on::timestamp)::date, coalesce(municipality, ''), count(*)
from contact_fact
where linked and not voided and counted_as <> 'neither' and held_on is not null
group by 1, 2, 3;
insert into month_tally select month, municipality, count(*) from person_month group by 1, 2;
insert into person_span
select person_id, '', min(held_on), max(held_on)
from contact_fact
where linked and not voided and counted_as <> 'neither' and held_on is not null
group by 1
union all
select person_id, locality, min(held_on), max(held_on)
from contact_fact
where linked and not voided and counted_as <> 'neither' and held_on is not null and locality is not null
group by 1, 2;
