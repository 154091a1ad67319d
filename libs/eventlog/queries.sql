-- lock_log --
-- Held until the commit: nobody else appends meanwhile, which is what makes positions gapless and in commit order.
select from log for update;

-- look --
-- Where the log stands, its streams' versions and the commands it knows; asked after `lock_log`, so in a snapshot
-- that is younger than the lock. One subselect each: `= any($1) group by` falls into a table scan while statistics
-- are young.
select log.position, log.hash,
    array(select coalesce((select max(version) from event where stream = s), 0)
          from unnest($1::text[]) with ordinality as t(s, n) order by n) as versions
from log;

-- known_commands --
-- First answers of commands that come again: where their last event stands, or what was said without one.
select c as command_id, last.stream, last.version, last.position
from unnest($1::uuid[]) as c
cross join lateral (
    select stream, version, position from event where command_id = c order by of_command desc limit 1) as last
union all
select c, said.stream, said.version, 0
from unnest($1::uuid[]) as c
cross join lateral (select stream, version from command where command_id = c limit 1) as said;

-- write_batch --
-- Events and the log's new head, if the head is the one that was planned for and no command was answered without an
-- event before. Else nothing: 0 rows.
with moved as (
    update log set position = $19, hash = $20
    where position = $18 and not exists (
        select from unnest($7::uuid[]) as c cross join lateral (select from command where command_id = c limit 1) as x)
    returning 1
)
insert into event (position, event_id, stream, version, type, schema_version, command_id, of_command, correlation_id,
    causation_id, actor, audience, occurred_at, recorded_at, trace, data, hash)
select p, i, s, v, t, sv, c, oc, co, ca, a, string_to_array(au, ','), o, r, tr, d, h
from moved, unnest($1::bigint[], $2::uuid[], $3::text[], $4::int[], $5::text[], $6::int[], $7::uuid[], $8::int[],
    $9::uuid[], $10::uuid[], $11::text[], $12::text[], $13::timestamptz[], $14::timestamptz[], $15::text[],
    $16::jsonb[], $17::bytea[]) as e(p, i, s, v, t, sv, c, oc, co, ca, a, au, o, r, tr, d, h);

-- remember_unchanged --
-- Commands that left no event, for ever: a phone may repeat a command weeks later.
insert into command (command_id, stream, version) select * from unnest($1::uuid[], $2::text[], $3::int[]);

-- need_room --
-- Fails as an append would while there is no room: a megabyte that PostgreSQL lays beside, and a line in its journal.
-- An append alone may succeed on a full disk, for pages have gaps; the next one then does not. Asked after `lock_log`.
set local work_mem = '64kB';
select count(*) from generate_series(1, 100000);
update log set position = position;

-- load_stream --
-- One aggregate, oldest first, page by page; index event_stream_version_key.
select * from event where stream = $1 and version > $2 order by version limit $3;

-- page --
-- The event at the checkpoint itself comes first, so that the reader's history can be compared with ours.
select * from event where position >= $1 order by position limit $2;

-- head --
-- Last position and its event.
select log.position, event.event_id, log.hash from log left join event on event.position = log.position;
