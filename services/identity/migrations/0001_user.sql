-- 0001_user.sql: accounts of this node, filled by services/identity/user/projection.py.
-- Expand only: a new table, nothing existing is locked.
-- Back out: drop table user_list; the log rebuilds it.
create table user_list (
    user_id  uuid   primary key,
    name     text,            -- sealed under the user's own key
    roles    jsonb,           -- array of role codes
    team     text,            -- '' = in no team
    enabled  boolean,
    position bigint not null  -- of the last event folded in, in the log of `identity`
);
create index user_list_team on user_list (team);
