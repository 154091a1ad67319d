-- upsert_handover_list --
-- One row per handover. A batch that was folded in before changes nothing.
insert into handover_list as kept (
    handover_id, person_id, from_team, to_team, stage, reason, proposed_at, answered_at, decline_reason, position
)
select * from unnest(
    $1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::timestamptz[], $8::timestamptz[],
    $9::text[], $10::bigint[]
)
on conflict (handover_id) do update set
    person_id      = coalesce(excluded.person_id, kept.person_id),
    from_team      = coalesce(excluded.from_team, kept.from_team),
    to_team        = coalesce(excluded.to_team, kept.to_team),
    stage          = coalesce(excluded.stage, kept.stage),
    reason         = coalesce(excluded.reason, kept.reason),
    proposed_at    = coalesce(excluded.proposed_at, kept.proposed_at),
    answered_at    = coalesce(excluded.answered_at, kept.answered_at),
    decline_reason = coalesce(excluded.decline_reason, kept.decline_reason),
    position       = excluded.position
where kept.position < excluded.position;

-- handovers --
-- Open ones first, then the latest; both teams see them.
-- Who it is about: only while one of the two teams is responsible.
select h.handover_id, h.person_id,
       case when p.team in (h.from_team, h.to_team) then p.nickname end as nickname,
       case when p.team in (h.from_team, h.to_team) then p.code end as code,
       h.from_team, h.to_team, h.stage, h.reason,
       h.proposed_at, h.answered_at, h.decline_reason
from handover_list h
left join person_list p on p.person_id = h.person_id
where h.proposed_at is not null and p.forgotten is not true
  and ($1::text is null or $1 in (h.from_team, h.to_team))
  and ($2::text is null or h.stage = $2)
order by h.stage = 'proposed' desc, h.proposed_at desc
limit $3;
