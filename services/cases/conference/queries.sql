-- upsert_conference_list --
-- What happens once in a conference. A batch that was folded in before changes nothing.
insert into conference_list as kept (
    conference_id, organiser, item, reason, goal, facilitator, recorder, minutes_form, cancelled,
    started_at, ended_at, drafted, comments_until, issued_on, confirm_by, closed_on, position)
select * from unnest(
    $1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::uuid[], $7::uuid[], $8::text[], $9::bool[],
    $10::timestamptz[], $11::timestamptz[], $12::bool[], $13::date[], $14::date[], $15::date[], $16::date[],
    $17::bigint[])
on conflict (conference_id) do update set
    organiser      = coalesce(excluded.organiser, kept.organiser),
    item           = coalesce(excluded.item, kept.item),
    reason         = coalesce(excluded.reason, kept.reason),
    goal           = coalesce(excluded.goal, kept.goal),
    facilitator    = coalesce(excluded.facilitator, kept.facilitator),
    recorder       = coalesce(excluded.recorder, kept.recorder),
    minutes_form   = coalesce(excluded.minutes_form, kept.minutes_form),
    cancelled      = coalesce(excluded.cancelled, kept.cancelled),
    started_at     = coalesce(excluded.started_at, kept.started_at),
    ended_at       = coalesce(excluded.ended_at, kept.ended_at),
    drafted        = coalesce(excluded.drafted, kept.drafted),
    comments_until = coalesce(excluded.comments_until, kept.comments_until),
    issued_on      = coalesce(excluded.issued_on, kept.issued_on),
    confirm_by     = coalesce(excluded.confirm_by, kept.confirm_by),
    closed_on      = coalesce(excluded.closed_on, kept.closed_on),
    position       = excluded.position
where kept.position < excluded.position;

-- upsert_conference_date --
-- A day of a conference is said once, under the organiser's number.
insert into conference_date as kept (
    conference_id, number, starts_at, place_code, place, held_on, review_on, note, position)
select * from unnest(
    $1::uuid[], $2::int[], $3::timestamptz[], $4::text[], $5::text[], $6::date[], $7::date[], $8::text[],
    $9::bigint[])
on conflict (conference_id, number) do update set
    starts_at  = coalesce(excluded.starts_at, kept.starts_at),
    place_code = coalesce(excluded.place_code, kept.place_code),
    place      = coalesce(excluded.place, kept.place),
    held_on    = coalesce(excluded.held_on, kept.held_on),
    review_on  = coalesce(excluded.review_on, kept.review_on),
    note       = coalesce(excluded.note, kept.note),
    position   = excluded.position
where kept.position < excluded.position;

-- upsert_conference_participant --
-- One row per invited organisation.
insert into conference_participant as kept (
    conference_id, organisation, item, is_full, presence, confirmation, confirmation_seen, no_response_number,
    position)
select * from unnest(
    $1::uuid[], $2::uuid[], $3::text[], $4::bool[], $5::text[], $6::text[], $7::int[], $8::int[], $9::bigint[])
on conflict (conference_id, organisation) do update set
    item               = coalesce(excluded.item, kept.item),
    is_full            = coalesce(excluded.is_full, kept.is_full),
    presence           = coalesce(excluded.presence, kept.presence),
    confirmation       = coalesce(excluded.confirmation, kept.confirmation),
    confirmation_seen  = coalesce(excluded.confirmation_seen, kept.confirmation_seen),
    no_response_number = coalesce(excluded.no_response_number, kept.no_response_number),
    position           = excluded.position
where kept.position < excluded.position;

-- upsert_conference_answer --
-- Every answer to the invitation; which one counts is for conference_participants to say.
insert into conference_answer as kept (
    conference_id, organisation, number, seen, answer, represented_by, position)
select * from unnest(
    $1::uuid[], $2::uuid[], $3::int[], $4::int[], $5::text[], $6::text[], $7::bigint[])
on conflict (conference_id, organisation, number) do update set
    seen           = coalesce(excluded.seen, kept.seen),
    answer         = coalesce(excluded.answer, kept.answer),
    represented_by = coalesce(excluded.represented_by, kept.represented_by),
    position       = excluded.position
where kept.position < excluded.position;

-- upsert_conference_person --
-- One row per invited natural person, the organiser's own record.
insert into conference_person as kept (
    conference_id, attendee_id, person_id, name, support, item, answer, attended, position)
select * from unnest(
    $1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::bool[], $9::bigint[])
on conflict (conference_id, attendee_id) do update set
    person_id = coalesce(excluded.person_id, kept.person_id),
    name      = coalesce(excluded.name, kept.name),
    support   = coalesce(excluded.support, kept.support),
    item      = coalesce(excluded.item, kept.item),
    answer    = coalesce(excluded.answer, kept.answer),
    attended  = coalesce(excluded.attended, kept.attended),
    position  = excluded.position
where kept.position < excluded.position;

-- upsert_conference_minutes --
-- One row per text; none is ever overwritten by a later one.
insert into conference_minutes as kept (
    conference_id, organisation, kind, number, written_by, text, position)
select * from unnest(
    $1::uuid[], $2::uuid[], $3::text[], $4::int[], $5::uuid[], $6::text[], $7::bigint[])
on conflict (conference_id, organisation, kind, number) do update set
    written_by = coalesce(excluded.written_by, kept.written_by),
    text       = coalesce(excluded.text, kept.text),
    position   = excluded.position
where kept.position < excluded.position;

-- upsert_conference_action --
-- One row per entry about a measure, under its author's number.
insert into conference_action as kept (
    action_id, author, number, conference_id, kind, seen, responsible, watched_by, due, state, words, position)
select * from unnest(
    $1::uuid[], $2::uuid[], $3::int[], $4::uuid[], $5::text[], $6::int[], $7::uuid[], $8::uuid[], $9::date[],
    $10::text[], $11::text[], $12::bigint[])
on conflict (action_id, author, number) do update set
    conference_id = coalesce(excluded.conference_id, kept.conference_id),
    kind          = coalesce(excluded.kind, kept.kind),
    seen          = coalesce(excluded.seen, kept.seen),
    responsible   = coalesce(excluded.responsible, kept.responsible),
    watched_by    = coalesce(excluded.watched_by, kept.watched_by),
    due           = coalesce(excluded.due, kept.due),
    state         = coalesce(excluded.state, kept.state),
    words         = coalesce(excluded.words, kept.words),
    position      = excluded.position
where kept.position < excluded.position;

-- conferences --
-- Stage as in stage.py: the last date and the last review are those with the highest number.
with seen as (
    select c.*, met.starts_at, met.place_code, met.place, reviewed.review_on, found.held_on as reviewed_on,
           found.note as review_note,
           case when c.cancelled then 'cancelled'
                when c.closed_on is not null then 'closed'
                when reviewed.held_on is not null then 'in_review'
                when c.issued_on is not null then 'minutes_issued'
                when c.comments_until is not null then 'comments_open'
                when c.started_at is not null and c.drafted then 'minutes_drafted'
                when c.started_at is not null then 'held'
                else 'convened' end as stage
    from conference_list c
    left join lateral (
        select d.starts_at, d.place_code, d.place
        from conference_date d
        where d.conference_id = c.conference_id and d.starts_at is not null
        order by d.number desc limit 1) met on true
    left join lateral (
        select d.held_on, d.review_on
        from conference_date d
        where d.conference_id = c.conference_id and d.starts_at is null
        order by d.number desc limit 1) reviewed on true
    left join lateral (
        select d.held_on, d.note
        from conference_date d
        where d.conference_id = c.conference_id and d.held_on is not null
        order by d.number desc limit 1) found on true
    where c.organiser is not null
      and ($1::uuid is null or c.conference_id = $1)
      and ($2::uuid is null or exists (
            select from conference_person p
            where p.conference_id = c.conference_id and p.person_id = $2))
      and ($3::uuid is null or $3 in (c.facilitator, c.recorder))
)
select conference_id, organiser, stage, item, starts_at, place_code, place, reason, goal, facilitator, recorder,
       minutes_form, started_at, ended_at, comments_until, issued_on, confirm_by, review_on, reviewed_on, review_note,
       closed_on
from seen
where not $4::bool or stage not in ('cancelled', 'closed')
order by stage = 'convened' desc, case when stage = 'convened' then starts_at end, starts_at desc, conference_id
limit $5;

-- conference_participants --
-- Answer and copy of the minutes as in invited.py: an answer that did not know the last date is void; a
-- confirmation that did not know of the noted silence stands.
select p.organisation, p.item, p.is_full, given.answer, given.represented_by, p.presence,
       case when not p.is_full then null
            when c.issued_on is null then 'not_issued'
            when p.confirmation is not null
                 and (p.no_response_number is null or p.confirmation_seen < p.no_response_number) then p.confirmation
            when p.no_response_number is not null then 'no_response'
            else 'waiting' end as minutes
from conference_participant p
join conference_list c using (conference_id)
left join lateral (
    select a.answer, a.represented_by
    from conference_answer a
    where a.conference_id = p.conference_id and a.organisation = p.organisation and c.cancelled is null
      and a.seen >= (select coalesce(max(d.number), 1) from conference_date d
                     where d.conference_id = p.conference_id and d.starts_at is not null)
    order by a.number desc limit 1) given on true
where p.conference_id = $1 and p.item is not null
  and ($2::uuid is null or $2 in (c.facilitator, c.recorder))
order by p.is_full desc, p.organisation
limit $3;

-- conference_people --
-- In the order they were invited: ids sort by the time they were made.
select p.attendee_id, p.person_id, p.name, p.support, p.item, p.answer, coalesce(p.attended, false) as attended
from conference_person p
left join conference_list c using (conference_id)
where p.conference_id = $1 and p.name is not null
  and ($2::uuid is null or $2 in (c.facilitator, c.recorder))
order by p.attendee_id
limit $3;

-- conference_actions --
-- State as in measures.py: the last assignment, and what its organisation wrote in knowledge of it. `knew` is
-- how much of the organiser's log the author knew; who only watches takes the word of the last review.
select given.action_id, given.conference_id, given.responsible, given.watched_by, given.words as title,
       coalesce(moved.due, given.due) as due,
       case when worked.state in ('done', 'partly', 'not_done') then worked.state
            when cancelled.number is not null then 'cancelled'
            else coalesce(worked.state, found.state, given.state) end as state
from conference_action given
left join lateral (
    select e.number from conference_action e
    where e.action_id = given.action_id and e.author = given.author and e.kind = 'cancelled'
      and e.number > given.number
    order by e.number desc limit 1) cancelled on true
left join lateral (
    select e.state from conference_action e
    where e.action_id = given.action_id and e.author = given.responsible and e.kind = 'worked' and e.state is not null
      and case when e.author = given.author then e.number - 1 else e.seen end >= given.number
      and (cancelled.number is null
           or case when e.author = given.author then e.number - 1 else e.seen end < cancelled.number)
    order by e.number desc limit 1) worked on true
left join lateral (
    select e.due from conference_action e
    where e.action_id = given.action_id and e.author = given.responsible and e.kind = 'worked' and e.due is not null
      and case when e.author = given.author then e.number - 1 else e.seen end >= given.number
      and (cancelled.number is null
           or case when e.author = given.author then e.number - 1 else e.seen end < cancelled.number)
    order by e.number desc limit 1) moved on true
left join lateral (
    select e.state from conference_action e
    where e.action_id = given.action_id and e.author = given.author and e.kind = 'found' and e.number > given.number
    order by e.number desc limit 1) found on true
where given.conference_id = $1 and given.kind = 'given'
  and not exists (
    select from conference_action later
    where later.action_id = given.action_id and later.author = given.author and later.kind = 'given'
      and later.number > given.number)
  and ($2::uuid is null or exists (
    select from conference_list c where c.conference_id = $1 and $2 in (c.facilitator, c.recorder)))
order by due nulls last, given.action_id
limit $3;

-- open_actions --
-- The same as conference_actions, over all conferences, of one organisation; index conference_action_responsible.
select given.action_id, given.conference_id, given.responsible, given.watched_by, given.words as title,
       coalesce(moved.due, given.due) as due,
       coalesce(worked.state, given.state) as state
from conference_action given
left join lateral (
    select e.state from conference_action e
    where e.action_id = given.action_id and e.author = given.responsible and e.kind = 'worked' and e.state is not null
      and case when e.author = given.author then e.number - 1 else e.seen end >= given.number
    order by e.number desc limit 1) worked on true
left join lateral (
    select e.due from conference_action e
    where e.action_id = given.action_id and e.author = given.responsible and e.kind = 'worked' and e.due is not null
      and case when e.author = given.author then e.number - 1 else e.seen end >= given.number
    order by e.number desc limit 1) moved on true
where given.responsible = $1 and given.kind = 'given'
  and coalesce(worked.state, given.state) in ('assigned', 'in_progress', 'disputed')
  and not exists (
    select from conference_action later
    where later.action_id = given.action_id and later.author = given.author
      and later.kind in ('given', 'cancelled') and later.number > given.number)
order by due nulls last, given.action_id
limit $2;

-- conference_action_history --
-- In the order it became known here; numbers of two logs cannot be compared.
select author, kind, responsible, due, state, words
from conference_action
where action_id = $1 and kind is not null
order by position
limit $2;

-- conference_minutes --
-- The newest first.
select m.organisation, m.kind, m.number, m.written_by, m.text
from conference_minutes m
where m.conference_id = $1 and m.text is not null
  and ($2::text is null or m.kind = $2)
  and ($3::uuid is null or exists (
    select from conference_list c where c.conference_id = $1 and $3 in (c.facilitator, c.recorder)))
order by m.position desc
limit $4;
