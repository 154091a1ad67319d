-- upsert_letter_out --
-- One row per number out. `state` is generated from the facts; a batch that was folded in before changes nothing.
insert into letter_out as kept (
    partner_id, number, event_id, source, source_position, letter_type, thread, posted_at, attempts, sent_at,
    voided_code, voided_at, outcome, code, digest, answered_at, position)
select * from unnest(
    $1::uuid[], $2::bigint[], $3::uuid[], $4::text[], $5::bigint[], $6::text[], $7::text[], $8::timestamptz[],
    $9::int[], $10::timestamptz[], $11::text[], $12::timestamptz[], $13::text[], $14::text[], $15::text[],
    $16::timestamptz[], $17::bigint[])
on conflict (partner_id, number) do update set
    event_id        = coalesce(excluded.event_id, kept.event_id),
    source          = coalesce(excluded.source, kept.source),
    source_position = coalesce(excluded.source_position, kept.source_position),
    letter_type     = coalesce(excluded.letter_type, kept.letter_type),
    thread          = coalesce(excluded.thread, kept.thread),
    posted_at       = coalesce(excluded.posted_at, kept.posted_at),
    attempts        = coalesce(excluded.attempts, kept.attempts),
    sent_at         = coalesce(excluded.sent_at, kept.sent_at),
    voided_code     = coalesce(excluded.voided_code, kept.voided_code),
    voided_at       = coalesce(excluded.voided_at, kept.voided_at),
    outcome         = coalesce(excluded.outcome, kept.outcome),
    code            = coalesce(excluded.code, kept.code),
    digest          = coalesce(excluded.digest, kept.digest),
    answered_at     = coalesce(excluded.answered_at, kept.answered_at),
    position        = excluded.position
where kept.position < excluded.position;

-- upsert_letter_in --
-- One row per number in. A batch that was folded in before changes nothing.
insert into letter_in as kept (
    partner_id, number, digest, letter_type, arrived_at, outcome, code, applied_at, position)
select * from unnest(
    $1::uuid[], $2::bigint[], $3::text[], $4::text[], $5::timestamptz[], $6::text[], $7::text[], $8::timestamptz[],
    $9::bigint[])
on conflict (partner_id, number) do update set
    digest      = coalesce(excluded.digest, kept.digest),
    letter_type = coalesce(excluded.letter_type, kept.letter_type),
    arrived_at  = coalesce(excluded.arrived_at, kept.arrived_at),
    outcome     = coalesce(excluded.outcome, kept.outcome),
    code        = coalesce(excluded.code, kept.code),
    applied_at  = coalesce(excluded.applied_at, kept.applied_at),
    position    = excluded.position
where kept.position < excluded.position;

-- upsert_quarantine --
-- One row per refused letter, named by its digest: there is nothing else to know it by.
insert into quarantine as kept (partner_id, digest, reason, number, quarantined_at, position)
select * from unnest($1::uuid[], $2::text[], $3::text[], $4::bigint[], $5::timestamptz[], $6::bigint[])
on conflict (partner_id, digest) do update set
    reason         = coalesce(excluded.reason, kept.reason),
    number         = coalesce(excluded.number, kept.number),
    quarantined_at = coalesce(excluded.quarantined_at, kept.quarantined_at),
    position       = excluded.position
where kept.position < excluded.position;

-- upsert_letter_counter --
-- One row per partner: how far both sides are.
insert into letter_counter as kept (
    partner_id, next_number, received_through, their_sent, their_received, heard_at, position)
select * from unnest(
    $1::uuid[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::timestamptz[], $7::bigint[])
on conflict (partner_id) do update set
    next_number      = coalesce(excluded.next_number, kept.next_number),
    received_through = coalesce(excluded.received_through, kept.received_through),
    their_sent       = coalesce(excluded.their_sent, kept.their_sent),
    their_received   = coalesce(excluded.their_received, kept.their_received),
    heard_at         = coalesce(excluded.heard_at, kept.heard_at),
    position         = excluded.position
where kept.position < excluded.position;

-- letters_waiting --
-- Without any receipt, oldest first; `posted_before` makes it the list of what was not collected for N days (X19).
select partner_id, number, letter_type, thread, state, posted_at, sent_at, coalesce(attempts, 0) as attempts
from letter_out
where state in ('posted', 'sent', 'voided') and coalesce(outcome, '') = ''
  and ($1::uuid is null or partner_id = $1)
  and ($2::timestamptz is null or coalesce(posted_at, voided_at) < $2)
order by coalesce(posted_at, voided_at), partner_id, number
limit $3;

-- letters_refused --
-- What a partner would not take, and numbers under which it holds something else; newest first.
select partner_id, number, letter_type, thread, outcome, code, answered_at
from letter_out
where state = 'refused' and ($1::uuid is null or partner_id = $1)
order by answered_at desc, partner_id, number
limit $2;

-- letters_of_thread --
-- Every letter about one matter, for the line "waiting · delivered · refused" on its page; index letter_out_thread.
select partner_id, number, letter_type, state, posted_at, sent_at, answered_at, code
from letter_out
where thread = $1
order by posted_at, partner_id, number
limit $2;

-- outstanding_of --
-- What goes again to this partner: no receipt yet, oldest first.
select number, event_id, source, source_position as position, letter_type, thread, state,
       coalesce(attempts, 0) as attempts, sent_at, voided_code
from letter_out
where partner_id = $1 and state in ('posted', 'sent', 'voided') and coalesce(outcome, '') = ''
order by number
limit $2;

-- letters_between --
-- The answer to a partner's `resend`: answered ones too, it may have been restored. A number without a row is a void.
select number, event_id, source, source_position as position, letter_type, thread, state,
       coalesce(attempts, 0) as attempts, sent_at, voided_code
from letter_out
where partner_id = $1 and number between $2 and $3
order by number
limit $4;

-- letter_received --
-- One letter in: what its receipt said, so that a repeat gets the same again.
select number, digest, letter_type, arrived_at, nullif(outcome, '') as outcome, nullif(code, '') as code, applied_at
from letter_in
where partner_id = $1 and number = $2;

-- letters_unapplied --
-- Arrived and neither applied nor refused: after a crash, and after an upgrade; index letter_in_unapplied.
select partner_id, number, digest, letter_type, arrived_at, outcome
from letter_in
where (outcome is null or outcome = 'stored') and ($1::uuid is null or partner_id = $1)
order by arrived_at, partner_id, number
limit $2;

-- quarantined --
-- What was refused, newest first.
select partner_id, digest, reason, number, quarantined_at
from quarantine
where ($1::uuid is null or partner_id = $1)
order by quarantined_at desc, partner_id, digest
limit $2;

-- gaps --
-- Numbers to ask for again. Only numbers beyond the complete part are looked at; the last gap ends where the
-- partner's hello says that it has sent to.
with seen as (
    select l.partner_id, l.number
    from letter_in l join letter_counter c using (partner_id)
    where l.number > coalesce(c.received_through, 0)
    union all
    select partner_id, coalesce(received_through, 0) from letter_counter
    union all
    select c.partner_id, c.their_sent + 1
    from letter_counter c
    where c.their_sent > coalesce(c.received_through, 0)
      and not exists (
          select from letter_in l where l.partner_id = c.partner_id and l.number > c.their_sent)
), steps as (
    select partner_id, number, lead(number) over (partition by partner_id order by number) as following
    from seen
)
select partner_id, number + 1 as first, following - 1 as last
from steps
where following > number + 1 and ($1::uuid is null or partner_id = $1)
order by partner_id, first
limit $2;

-- correspondences --
-- The counters of our next hello, and what the partner's last one said.
select c.partner_id, coalesce(c.next_number, 1) - 1 as sent, coalesce(c.received_through, 0) as received_through,
       greatest(coalesce(c.received_through, 0), coalesce((
           select max(l.number) from letter_in l
           where l.partner_id = c.partner_id and l.number > coalesce(c.received_through, 0)), 0)) as received,
       coalesce(c.their_sent, 0) as their_sent, coalesce(c.their_received, 0) as their_received, c.heard_at
from letter_counter c
where $1::uuid is null or c.partner_id = $1
order by c.partner_id
limit $2;
