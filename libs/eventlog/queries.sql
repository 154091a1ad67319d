-- lock_log --
-- Held until the batch commits: this is what makes positions gapless and in commit order.
select position, hash from log for update;

-- stream_versions --
-- One subselect per stream: `stream = any($1) group by` falls into a table scan while statistics are young.
select s as stream, (select max(version) from event where stream = s) as version from unnest($1::text[]) as s;

-- known_commands --
-- First answers of commands that come again.
select command_id, stream, version, position from command where command_id = any($1::uuid[]);

-- insert_events --
-- One statement for the whole batch.
insert into event (position, event_id, stream, version, type, schema_version, command_id, correlation_id,
    causation_id, actor, audience, occurred_at, recorded_at, trace, data, hash)
select p, i, s, v, t, sv, c, co, ca, a, string_to_array(au, ','), o, r, tr, d, h
from unnest($1::bigint[], $2::uuid[], $3::text[], $4::int[], $5::text[], $6::int[], $7::uuid[], $8::uuid[],
    $9::uuid[], $10::text[], $11::text[], $12::timestamptz[], $13::timestamptz[], $14::text[], $15::jsonb[],
    $16::bytea[]) as e(p, i, s, v, t, sv, c, co, ca, a, au, o, r, tr, d, h);

-- insert_commands --
-- Remembered for ever: a phone may repeat a command weeks later.
insert into command (command_id, stream, version, position)
select * from unnest($1::uuid[], $2::text[], $3::int[], $4::bigint[]);

-- move_log --
-- The head of the chain.
update log set position = $1, hash = $2;

-- load_stream --
-- One aggregate, oldest first; index event_stream_version_key.
select * from event where stream = $1 order by version;

-- page --
-- The event at the checkpoint itself comes first, so that the reader's history can be compared with ours.
select * from event where position >= $1 order by position limit $2;

-- head --
-- Last position and its event.
select log.position, event.event_id, log.hash from log left join event on event.position = log.position;
