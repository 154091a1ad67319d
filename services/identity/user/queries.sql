-- upsert_user_list --
-- One row per account. A batch that was folded in before changes nothing.
insert into user_list as kept (user_id, name, roles, team, enabled, position)
select user_id, name, roles::jsonb, team, enabled, position
from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::bool[], $6::bigint[])
    as batch (user_id, name, roles, team, enabled, position)
on conflict (user_id) do update set
    name     = coalesce(excluded.name, kept.name),
    roles    = coalesce(excluded.roles, kept.roles),
    team     = coalesce(excluded.team, kept.team),
    enabled  = coalesce(excluded.enabled, kept.enabled),
    position = excluded.position
where kept.position < excluded.position;

-- users --
-- Names are sealed, so the order is by team; the page sorts the opened rows.
select user_id, name, array(select jsonb_array_elements_text(roles)) as roles, nullif(team, '') as team, enabled
from user_list
where ($1::text is null or team = $1)
  and ($2::text is null or roles ? $2)
order by enabled desc, team, user_id
limit $3;

-- user_roles --
-- What a session may do, as of now.
select user_id, array(select jsonb_array_elements_text(roles)) as roles, nullif(team, '') as team, enabled
from user_list
where user_id = $1;
