-- door_login_by_mark --
-- Who signs in by this name, if the account is open; the password hash, if there is one.
select login.user_id, password.hash
from login
join user_list on user_list.user_id = login.user_id and user_list.enabled
left join password on password.user_id = login.user_id
where login.mark = $1;

-- door_login --
-- One user's login and ways in.
select login.user_id, login.mark, login.sealed, password.hash,
       exists (select from totp where totp.user_id = login.user_id) as totp,
       (select count(*) from recovery_code where recovery_code.user_id = login.user_id)::int as codes_left,
       (select count(*) from passkey where passkey.user_id = login.user_id)::int as passkeys,
       exists (select from provider_subject where provider_subject.user_id = login.user_id) as provider
from login
left join password on password.user_id = login.user_id
where login.user_id = $1;

-- door_logins --
-- How everybody signs in; for administrators. $2: a demonstration, where a password alone opens.
select login.user_id, login.sealed, recovery.proposed_by as waiting_by,
       (select max(enrolment.ends_at) from enrolment
        where enrolment.user_id = login.user_id and used_at is null and enrolment.ends_at > $1) as invited_until,
       exists (select from passkey where passkey.user_id = login.user_id)
       or exists (select from provider_subject where provider_subject.user_id = login.user_id)
       or exists (select from password left join totp using (user_id)
                  where user_id = login.user_id and ($2 or totp.user_id is not null)) as can_enter
from login
left join recovery on recovery.user_id = login.user_id and recovery.ends_at > $1;

-- door_put_login --
-- A login name for a user, or another one. The name's unique mark refuses one that is taken.
insert into login (user_id, mark, sealed, made_at) values ($1, $2, $3, $4)
on conflict (user_id) do update set mark = excluded.mark, sealed = excluded.sealed;

-- door_put_password --
-- Replaces the one before.
insert into password (user_id, hash, changed_at) values ($1, $2, $3)
on conflict (user_id) do update set hash = excluded.hash, changed_at = excluded.changed_at;

-- door_rehash --
-- The same password under today's parameters, unless it was changed meanwhile.
update password set hash = $3 where user_id = $1 and hash = $2;

-- door_totp --
-- The sealed secret of one user.
select user_id, sealed from totp where user_id = $1;

-- door_use_step --
-- A code is good once, and none before it any more. No row: it was used.
update totp set last_step = $2 where user_id = $1 and last_step < $2 returning user_id;

-- door_put_totp --
-- Replaces the one before.
insert into totp (user_id, sealed, last_step, made_at) values ($1, $2, $3, $4)
on conflict (user_id) do update
set sealed = excluded.sealed, last_step = excluded.last_step, made_at = excluded.made_at;

-- door_drop_totp --
-- The secret and its recovery codes.
with codes as (delete from recovery_code where user_id = $1) delete from totp where user_id = $1;

-- door_use_recovery_code --
-- No row: there is no such code, or it was used.
delete from recovery_code where user_id = $1 and mark = $2 returning user_id;

-- door_drop_recovery_codes --
delete from recovery_code where user_id = $1;

-- door_put_recovery_codes --
insert into recovery_code (user_id, mark) select $1, unnest($2::bytea[]);

-- door_passkeys --
-- One user's, oldest first.
select passkey, credential_id, label_sealed, added_at, used_at from passkey where user_id = $1 order by added_at, passkey;

-- door_passkey --
-- By the id its authenticator gave it, if the account is open.
select passkey.user_id, passkey.public_key, passkey.count
from passkey join user_list on user_list.user_id = passkey.user_id and user_list.enabled
where passkey.credential_id = $1;

-- door_put_passkey --
insert into passkey (credential_id, passkey, user_id, public_key, count, label_sealed, added_at)
values ($1, $2, $3, $4, $5, $6, $7)
on conflict (credential_id) do nothing returning passkey;

-- door_use_passkey --
update passkey set count = $2, used_at = $3 where credential_id = $1;

-- door_drop_passkey --
delete from passkey where user_id = $1 and passkey = $2;

-- door_provider --
-- Who is meant by issuer and subject, if the account is open.
select provider_subject.user_id
from provider_subject join user_list on user_list.user_id = provider_subject.user_id and user_list.enabled
where provider_subject.mark = $1;

-- door_put_provider --
-- One subject stands for one user. No row: it stands for another one already.
insert into provider_subject as kept (mark, user_id, made_at) values ($1, $2, $3)
on conflict (mark) do update set made_at = kept.made_at where kept.user_id = excluded.user_id returning user_id;

-- door_drop_ways --
-- Everything a recovered user had.
with one as (delete from password where user_id = $1), two as (delete from totp where user_id = $1),
     three as (delete from recovery_code where user_id = $1), four as (delete from passkey where user_id = $1),
     five as (delete from provider_subject where user_id = $1)
delete from session where user_id = $1;

-- door_put_session --
insert into session (mark, handle, user_id, browser_sealed, login_at, fresh_at, used_at)
values ($1, $2, $3, $4, $5, $5, $5);

-- door_session --
-- A session with the roles of now; whether it is still in force is for the rules to say.
select session.mark, session.handle, session.user_id, session.login_at, session.fresh_at, session.used_at,
       array(select jsonb_array_elements_text(user_list.roles)) as roles, nullif(user_list.team, '') as team,
       coalesce(user_list.enabled, false) as enabled
from session left join user_list on user_list.user_id = session.user_id
where session.mark = $1;

-- door_prolong --
update session set used_at = $2 where mark = $1 and used_at < $2;

-- door_freshen --
update session set fresh_at = $2 where mark = $1;

-- door_sessions --
-- One user's sessions that are in force, the last one first. $2: used after, $3: signed in after.
select handle, browser_sealed, login_at, used_at, mark from session
where user_id = $1 and used_at > $2 and login_at > $3
order by login_at desc;

-- door_end_session --
delete from session where mark = $1;

-- door_end_other_sessions --
-- One of them, or all but the one that asks.
delete from session where user_id = $1 and mark <> $2 and ($3::uuid is null or handle = $3);

-- door_put_ticket --
insert into ticket (mark, purpose, user_id, account, content, tries, ends_at) values ($1, $2, $3, $4, $5, $6, $7);

-- door_try_ticket --
-- One try less. No row: none was left, or it is too old.
update ticket set tries = tries - 1 where mark = $1 and purpose = $2 and tries > 0 and ends_at > $3
returning user_id, account, content, tries;

-- door_drop_ticket --
delete from ticket where mark = $1;

-- door_note_failures --
-- Rows to lock, for marks that have none yet.
insert into failure (mark, failures, last_at) select unnest($1::bytea[]), 0, $2 on conflict do nothing;

-- door_lock_failures --
select mark, failures, last_at from failure where mark = any($1::bytea[]) order by mark for update;

-- door_count_failure --
update failure set failures = $2, last_at = $3 where mark = $1;

-- door_uncount_failure --
update failure set failures = greatest(failures - 1, 0) where mark = $1;

-- door_clear_failures --
delete from failure where mark = $1;

-- door_put_link --
insert into enrolment (mark, user_id, recovery, made_by, confirmed_by, made_at, ends_at)
values ($1, $2, $3, $4, $5, $6, $7);

-- door_void_links --
-- Earlier links of a user count no more.
delete from enrolment where user_id = $1 and used_at is null;

-- door_link --
-- A link in force, with whose it is. No row: used, too old, replaced, or the account is closed.
select enrolment.user_id, enrolment.recovery, enrolment.ends_at, login.sealed
from enrolment
join login on login.user_id = enrolment.user_id
join user_list on user_list.user_id = enrolment.user_id and user_list.enabled
where enrolment.mark = $1 and enrolment.used_at is null and enrolment.ends_at > $2;

-- door_use_link --
-- Once. No row: somebody was faster.
update enrolment set used_at = $2 where mark = $1 and used_at is null and ends_at > $2 returning user_id, recovery;

-- door_recovery --
-- What waits for a second administrator.
select proposed_by from recovery where user_id = $1 and ends_at > $2;

-- door_put_recovery --
insert into recovery (user_id, proposed_by, ends_at) values ($1, $2, $3)
on conflict (user_id) do update set proposed_by = excluded.proposed_by, ends_at = excluded.ends_at;

-- door_drop_recovery --
delete from recovery where user_id = $1;

-- door_sweep --
-- What counts no more. $1: now, $2: sessions used before, $3: signed in before, $4: failures before, $5: links before.
with one as (delete from ticket where ends_at <= $1), two as (delete from session where used_at <= $2 or login_at <= $3),
     three as (delete from failure where last_at <= $4), four as (delete from recovery where ends_at <= $1)
delete from enrolment where ends_at <= $5 or (used_at is null and ends_at <= $1);
