-- upsert_referrals --
-- Keeps each entry of a thread once and reads the common state of its referral anew: the numbered table of
-- common_state.py in SQL, over the gapless beginning of each log. A batch that was folded in before changes
-- nothing. `kept` is not visible to its neighbours, hence `thread`.
with arrived as (
    select *
    from unnest(
        $1::uuid[], $2::text[], $3::int[], $4::uuid[], $5::text[], $6::int[], $7::timestamptz[], $8::bool[],
        $9::uuid[], $10::uuid[], $11::uuid[], $12::text[], $13::text[], $14::text[], $15::date[],
        $16::uuid[], $17::uuid[], $18::text[], $19::text[], $20::text[], $21::text[], $22::text[],
        $23::text[], $24::uuid[], $25::date[], $26::date[], $27::bool[], $28::text[], $29::bigint[]
    ) as batch (
        referral_id, log, number, author, kind, seen, occurred_at, hosted,
        sender, recipient, person_id, need, urgency, area, answer_due,
        directory_entry, supersedes, client_name, contact, reason, code, cause,
        text, worker, first_meeting, waiting_until, client_continues, proposed, position
    )
), kept as (
    insert into referral_thread (
        referral_id, log, number, author, kind, seen, occurred_at, hosted,
        sender, recipient, person_id, need, urgency, area, answer_due,
        directory_entry, supersedes, client_name, contact, reason, code, cause,
        text, worker, first_meeting, waiting_until, client_continues, proposed, position
    )
    select
        referral_id, log, number, author, kind, seen, occurred_at, hosted,
        sender, recipient, person_id, need, urgency, area, answer_due,
        directory_entry, supersedes, client_name, contact, reason, code, cause,
        text, worker, first_meeting, waiting_until, client_continues, proposed::jsonb, position
    from arrived
    on conflict (referral_id, log, number) do nothing
), thread as (
    select
        referral_id, log, number, kind, seen, hosted,
        sender, recipient, person_id, need, urgency, area, answer_due,
        directory_entry, supersedes, client_name, contact, reason, code, cause,
        worker, first_meeting, waiting_until, client_continues, position
    from referral_thread
    where referral_id = any ($1)
    union all
    select
        referral_id, log, number, kind, seen, hosted,
        sender, recipient, person_id, need, urgency, area, answer_due,
        directory_entry, supersedes, client_name, contact, reason, code, cause,
        worker, first_meeting, waiting_until, client_continues, position
    from arrived
    where not exists (
        select from referral_thread as old
        where old.referral_id = arrived.referral_id and old.log = arrived.log and old.number = arrived.number
    )
), known as (                                       -- what may be acted on: up to the first gap of each log
    select * from (
        select *, row_number() over (partition by referral_id, log order by number) as place from thread
    ) as numbered
    where log = 'draft' or number = place
), request as (
    select
        referral_id,
        min(number) filter (where kind = 'withdrawn') as withdrawn,
        bool_or(kind = 'closed') as closed,
        bool_or(kind = 'entered_in_error') as void,
        bool_or(kind = 'identity_disclosed') as disclosed
    from known
    where log = 'request'
    group by referral_id
), valid as (                                       -- written unaware of a withdrawal, or allowed all the same
    select known.*
    from known left join request using (referral_id)
    where log = 'progress'
      and (withdrawn is null or seen < withdrawn or kind in ('received', 'outcome_corrected')
           or (kind = 'cancelled' and cause = 'withdrawal'))
), final as (                                       -- the first final answer stands for ever
    select distinct on (referral_id) referral_id, kind, number, seen, code
    from valid
    where kind in ('declined', 'rerouted', 'expired', 'completed', 'failed', 'cancelled')
    order by referral_id, number
), correction as (
    select distinct on (valid.referral_id) valid.referral_id, valid.code
    from valid join final using (referral_id)
    where valid.kind = 'outcome_corrected' and final.kind = 'completed' and valid.number > final.number
    order by valid.referral_id, valid.number desc
), progress as (
    select
        referral_id,
        (array_agg(kind order by number desc) filter (
            where kind in ('received', 'accepted', 'started')))[1] as standing,
        (array_agg(kind order by number desc) filter (
            where kind in ('received', 'accepted', 'started', 'put_waiting', 'resumed')))[1] as latest
    from valid
    group by referral_id
), standing as (                                    -- rows 3 to 8 of the table
    select
        parts.referral_id,
        case
            when withdrawn is not null and final.seen < withdrawn then final.kind
            when withdrawn is not null and final.kind is not null then 'withdrawn'
            when withdrawn is not null then 'withdrawal_pending'
            when final.kind is not null then final.kind
            when progress.latest = 'put_waiting' then 'waiting'
            when progress.standing = 'started' then 'in_progress'
            when progress.referral_id is not null then coalesce(progress.standing, 'received')
            when request.referral_id is not null then 'sent'
            else 'draft'
        end as stage,
        coalesce(withdrawn is not null and final.seen < withdrawn, false) as crossed,
        coalesce(correction.code, final.code) as code,
        coalesce(closed, false) as closed,
        coalesce(void, false) as void,
        coalesce(disclosed, false) as disclosed,
        request.referral_id is not null and withdrawn is null and final.kind is null
            and coalesce(progress.standing, 'received') = 'received' as unanswered
    from (select distinct referral_id from known) as parts
    left join request using (referral_id)
    left join final using (referral_id)
    left join correction using (referral_id)
    left join progress using (referral_id)
), facts as (                                       -- the last word on each; the request log over the draft
    select
        referral_id,
        bool_or(hosted) as hosted,
        (array_agg(sender))[1] as sender,
        (array_agg(recipient))[1] as recipient,
        (array_agg(person_id) filter (where person_id is not null))[1] as person_id,
        (array_agg(need order by log desc, number desc) filter (where need is not null))[1] as need,
        (array_agg(urgency order by number desc) filter (where urgency is not null))[1] as urgency,
        (array_agg(area order by number desc) filter (where area is not null))[1] as area,
        (array_agg(answer_due order by number desc) filter (where answer_due is not null))[1] as answer_due,
        (array_agg(directory_entry) filter (where directory_entry is not null))[1] as directory_entry,
        (array_agg(supersedes) filter (where supersedes is not null))[1] as supersedes,
        (array_agg(client_name order by log desc) filter (where client_name is not null))[1] as client_name,
        (array_agg(contact order by log desc) filter (where contact is not null))[1] as contact,
        (array_agg(reason order by log desc) filter (where reason is not null))[1] as reason,
        (array_agg(worker order by number desc) filter (where worker is not null))[1] as worker,
        (array_agg(first_meeting order by number desc)
            filter (where first_meeting is not null))[1] as first_meeting,
        (array_agg(waiting_until order by number desc) filter (where kind = 'put_waiting'))[1] as waiting_until,
        bool_or(client_continues) as client_continues,
        max(position) as position
    from known
    group by referral_id
)
insert into referral_list as kept (
    referral_id, sender, recipient, hosted, person_id, need, urgency, area, answer_due, directory_entry,
    supersedes, client_name, contact, reason, worker, first_meeting, waiting_until, client_continues,
    stage, outcome, code, crossed, disclosed, unanswered, position
)
select
    referral_id, sender, recipient, hosted, person_id, need, urgency, area, answer_due, directory_entry,
    supersedes, client_name, contact, reason, worker, first_meeting, waiting_until, client_continues,
    case when void then 'entered_in_error' when closed then 'closed' else stage end,    -- rows 1 and 2
    case when closed and not void then stage end,
    code, crossed, disclosed, unanswered and not closed and not void, position
from facts join standing using (referral_id)
on conflict (referral_id) do update set
    sender = excluded.sender, recipient = excluded.recipient, hosted = excluded.hosted,
    person_id = excluded.person_id, need = excluded.need, urgency = excluded.urgency, area = excluded.area,
    answer_due = excluded.answer_due, directory_entry = excluded.directory_entry,
    supersedes = excluded.supersedes, client_name = excluded.client_name, contact = excluded.contact,
    reason = excluded.reason, worker = excluded.worker, first_meeting = excluded.first_meeting,
    waiting_until = excluded.waiting_until, client_continues = excluded.client_continues,
    stage = excluded.stage, outcome = excluded.outcome, code = excluded.code, crossed = excluded.crossed,
    disclosed = excluded.disclosed, unanswered = excluded.unanswered, position = excluded.position
where kept.position < excluded.position;

-- upsert_referral_task --
-- One task per referral with a final answer. A batch that was folded in before changes nothing.
insert into referral_task as kept (referral_id, sender, recipient, kind, code, since, done, position)
select * from unnest(
    $1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::timestamptz[], $7::bool[], $8::bigint[])
on conflict (referral_id) do update set
    sender    = coalesce(excluded.sender, kept.sender),
    recipient = coalesce(excluded.recipient, kept.recipient),
    kind      = coalesce(excluded.kind, kept.kind),
    code      = coalesce(excluded.code, kept.code),
    since     = coalesce(excluded.since, kept.since),
    done      = coalesce(excluded.done, kept.done),
    position  = excluded.position
where kept.position < excluded.position;

-- referrals --
-- The list of one organisation, newest first (ids are UUIDv7). What was taken back before anyone accepted it
-- is not shown to the recipient any more (domain.md §4.6).
select
    referral_id,
    case when sender = $1 then 'sent' else 'received' end as direction,
    sender, recipient,
    case when sender = $1 then person_id end as person_id,
    case when shown then need end as need,
    case when shown then urgency end as urgency,
    case when shown then area end as area,
    answer_due, stage, outcome, code, crossed,
    (select occurred_at from referral_thread as written
     where written.referral_id = referral_list.referral_id order by written.position desc limit 1) as since
from referral_list
cross join lateral (
    select sender = $1 or worker is not null
        or stage not in ('withdrawal_pending', 'withdrawn', 'entered_in_error') as shown
) as view
where (sender = $1 or (recipient = $1 and stage <> 'draft'))
  and ($2::text is null or (sender = $1) = ($2 = 'sent'))
  and ($3::text is null or stage = $3)
order by referral_id desc
limit $4;

-- referral_detail --
-- One referral as one organisation may see it. Who it is about: the recipient only after disclosure, and
-- never once it was entered in error (rule L24); that matters where the recipient's log is hosted.
select
    referral_id,
    case when sender = $1 then 'sent' else 'received' end as direction,
    sender, recipient, hosted,
    case when sender = $1 then person_id end as person_id,
    directory_entry, supersedes,
    case when shown then need end as need,
    case when shown then urgency end as urgency,
    case when shown then area end as area,
    answer_due, stage, outcome, code, crossed, worker, first_meeting, waiting_until, client_continues,
    case when identified then client_name end as client_name,
    case when identified then contact end as contact,
    case when identified then reason end as reason
from referral_list
cross join lateral (
    select
        sender = $1 or worker is not null
            or stage not in ('withdrawal_pending', 'withdrawn', 'entered_in_error') as shown,
        sender = $1 or (disclosed and stage <> 'entered_in_error'
            and (worker is not null or stage not in ('withdrawal_pending', 'withdrawn'))) as identified
) as view
where referral_id = $2
  and (sender = $1 or (recipient = $1 and stage <> 'draft'));

-- referral_thread --
-- Both logs as one conversation. An entry that still waits for an earlier one is not part of it yet.
-- The reason why somebody was referred goes the way of their name (referral_detail).
select author, number, kind, occurred_at, hosted, code, coalesce(text, case when sender = $1 or (
    select seen.stage <> 'entered_in_error'
        and (seen.worker is not null or seen.stage not in ('withdrawal_pending', 'withdrawn'))
    from referral_list as seen where seen.referral_id = $2) then reason end) as text, proposed
from (
    select *, row_number() over (partition by log order by number) as place
    from referral_thread
    where referral_id = $2
) as numbered
where (sender = $1 or (recipient = $1 and log <> 'draft'))
  and (log = 'draft' or number = place)
order by occurred_at, log = 'progress', number
limit $3;

-- waiting_referrals --
-- Sent and unanswered, nearest deadline first; index referral_list_waiting.
select
    referral_id,
    case when sender = $1 then 'sent' else 'received' end as direction,
    sender, recipient, need, urgency, area, answer_due, stage,
    case when stage = 'waiting' then waiting_until end as waiting_until
from referral_list
where unanswered
  and (sender = $1 or recipient = $1)
  and ($2::text is null or (sender = $1) = ($2 = 'sent'))
  and ($3::text is null or need = $3)
order by answer_due, referral_id
limit $4;

-- referral_tasks --
-- Answers the sender has not acted on, the oldest first; index referral_task_open.
select referral_id, recipient, kind, code, since
from referral_task
where done is null and kind is not null and sender = $1
order by since, referral_id
limit $2;
