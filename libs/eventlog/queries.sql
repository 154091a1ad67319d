-- lock_log --
-- Held until the end of the transaction: nobody appends meanwhile.
select position, hash from log for update;

-- stream_versions --
-- One subselect per stream, as in begin_batch; asked under the lock, for streams whose version is not remembered.
select s as stream, coalesce((select max(version) from event where stream = s), 0) as version
from unnest($1::text[]) as s;

-- begin_batch --
-- Lock, versions and known commands in one round trip. The lock is held until the batch commits: this is what makes
-- positions gapless and in commit order. `seen` is the head in this statement's snapshot: if another replica
-- committed while we waited for the lock, it differs from `position`, and the look was too early.
-- One subselect per stream: `stream = any($1) group by` falls into a table scan while statistics are young.
with held as materialized (select position, hash from log for update)
select held.position, held.hash,
    (select position from log) as seen,
    array(select coalesce((select max(version) from event where stream = s), 0)
          from unnest($1::text[]) with ordinality as t(s, n) order by n) as versions,
    array(select (command_id, stream, version, position) from command where command_id = any($2::uuid[])) as known
from held;

-- known_commands --
-- First answers of commands that come again.
select command_id, stream, version, position from command where command_id = any($1::uuid[]);

-- write_batch --
-- Events, remembered commands and the log's new head, in one statement for the whole batch.
with
events as (
    insert into event (position, event_id, stream, version, type, schema_version, command_id, correlation_id,
        causation_id, actor, audience, occurred_at, recorded_at, trace, data, hash)
    select p, i, s, v, t, sv, c, co, ca, a, string_to_array(au, ','), o, r, tr, d, h
    from unnest($1::bigint[], $2::uuid[], $3::text[], $4::int[], $5::text[], $6::int[], $7::uuid[], $8::uuid[],
        $9::uuid[], $10::text[], $11::text[], $12::timestamptz[], $13::timestamptz[], $14::text[], $15::jsonb[],
        $16::bytea[]) as e(p, i, s, v, t, sv, c, co, ca, a, au, o, r, tr, d, h)
),
commands as (           -- remembered for ever: a phone may repeat a command weeks later
    insert into command (command_id, stream, version, position)
    select * from unnest($17::uuid[], $18::text[], $19::int[], $20::bigint[])
)
update log set position = $21, hash = $22;

-- load_stream --
-- One aggregate, oldest first; index event_stream_version_key.
select * from event where stream = $1 order by version;

-- page --
-- The event at the checkpoint itself comes first, so that the reader's history can be compared with ours.
select * from event where position >= $1 order by position limit $2;

-- head --
-- Last position and its event.
select log.position, event.event_id, log.hash from log left join event on event.position = log.position;
