-- upsert_account_list --
-- One row per account; an old batch changes nothing.
insert into account_list as kept (account_id, owner, last_amount, position)
select * from unnest($1::uuid[], $2::text[], $3::int[], $4::bigint[])
on conflict (account_id) do update set
    owner       = coalesce(excluded.owner, kept.owner),
    last_amount = coalesce(excluded.last_amount, kept.last_amount),
    position    = excluded.position
where kept.position < excluded.position;

-- accounts --
-- In the order of their ids, which is the order of their making.
select account_id, owner, last_amount from account_list order by account_id limit $1;
