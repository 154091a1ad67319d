-- 0002_command_in_event.sql: the answer to a command lies in its events; `command` keeps those that left none.
-- Locks the log while it rewrites it: seconds for a million events. Back out: never.
alter table event add column of_command int;    -- 1: the first event of its command
update event set of_command = counted.number
from (select position, row_number() over (partition by command_id order by position) as number from event) as counted
where event.position = counted.position;
alter table event
    alter column of_command set not null,
    add unique (command_id, of_command),        -- a command that comes again breaks on this
    drop constraint event_event_id_key;         -- nobody looks an event up by its id alone
delete from command where position > 0;
alter table command drop column position;
