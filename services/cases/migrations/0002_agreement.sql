-- 0002_agreement.sql: agreements as they stand, filled by services/cases/agreement/projection.py.
-- Expand only: a new table, nothing existing is locked.
-- Back out: drop table agreement_list; the log rebuilds it.
create table agreement_list (
    agreement_id      uuid   primary key,
    person_id         uuid,           -- nullable: a batch may begin in the middle of an agreement's life
    state             text,           -- negotiating, in_force, refused, lapsed, ended
    form              text,
    concluded_on      date,
    key_worker        uuid,
    agreement_version integer,
    client_order      text,           -- sealed under the person's own key
    refusal           text,           -- § 91/3 code
    over_on           date,           -- refused or ended
    ending            text,
    position          bigint not null -- of the last event folded in, in the log of `cases`
);
create index agreement_list_person on agreement_list (person_id);
create index agreement_list_key_worker on agreement_list (key_worker) where state = 'in_force';
