-- keep_letter --
-- Stored sealed, before the hub may forget it. The first one under a number stands.
insert into kept_letter (partner_id, number, sealed) values ($1, $2, $3) on conflict do nothing;

-- kept_letters --
-- Not yet applied, in the order of their numbers per partner.
select partner_id, number, sealed from kept_letter order by partner_id, number limit 200;

-- drop_letter --
-- Applied and receipted: the sealed words go.
delete from kept_letter where partner_id = $1 and number = $2;

-- keep_network_event --
-- Own events for all members, for those who join later.
insert into network_event (event_id, source, position, type, thread) values ($1, $2, $3, $4, $5)
on conflict do nothing;

-- network_events --
-- In the order they happened.
select event_id, source, position, type, thread from network_event order by source, position;

-- posted_letter --
-- What stood under a number, for a partner that was restored and asks again.
select event_id, source, source_position as position, letter_type from letter_out where partner_id = $1 and number = $2;

-- applied_letter --
-- What a letter that comes again was receipted with.
select nullif(outcome, '') as outcome, nullif(code, '') as code from letter_in where partner_id = $1 and number = $2;
