-- keep_letter --
-- Stored sealed, before the hub may forget it. The first one under a number stands.
insert into kept_letter (partner_id, number, sealed) values ($1, $2, $3) on conflict do nothing;

-- kept_letters --
-- Not yet applied: twenty of each member, so that nobody's letters stand before everybody else's. Those stored for a
-- newer program only if $1: they can wait for the next start.
select partner_id, number, sealed, arrived_at from (
    select kept.*, row_number() over (partition by kept.partner_id order by kept.number) as place
    from kept_letter as kept
    join partner on partner.organisation_id = kept.partner_id and partner.state = 'member'
    left join letter_in as noted on noted.partner_id = kept.partner_id and noted.number = kept.number
    where $1::bool or noted.outcome is distinct from 'stored'
) as due
where place <= 20
order by place, partner_id;

-- drop_letter --
-- Applied and receipted: the sealed words go.
delete from kept_letter where partner_id = $1 and number = $2;

-- keep_network_event --
-- Own events for all members, for those who join later.
insert into network_event (event_id, source, position, type, thread) values ($1, $2, $3, $4, $5)
on conflict do nothing;

-- network_events --
-- In the order they happened, without those this partner has been told.
select event_id, source, position, type, thread from network_event as told
where not exists (select 1 from letter_out where partner_id = $1 and letter_out.event_id = told.event_id)
order by source, position;

-- posted_letter --
-- What stood under a number, for a partner that was restored and asks again.
select event_id, source, source_position as position, letter_type from letter_out where partner_id = $1 and number = $2;

-- applied_letter --
-- What a letter that comes again was receipted with.
select nullif(outcome, '') as outcome, nullif(code, '') as code, digest from letter_in where partner_id = $1 and number = $2;

-- disputed_letter --
-- The partner holds something else under this number: what we said must go out anew.
select event_id, source, source_position as position, letter_type, thread from letter_out
where partner_id = $1 and number = $2 and outcome = 'disputed' and digest = $3 and event_id is not null;

-- quarantined_lately --
-- Why letters were put aside since yesterday, and how many, for the administrator.
select reason, count(*) as letters from quarantine where quarantined_at > now() - interval '1 day' group by 1 order by 1;
