-- 0003_sign_in.sql: ways in and sessions, written by services/identity/sign_in/ only. Not in the log: a secret must be
-- deletable. Nothing here is in the clear: marks are keyed hashes, `sealed` columns lie under the node's key.
-- Expand only: new tables, nothing existing is locked.
-- Back out: drop the tables; everybody needs a new invitation.
create table login (
    user_id uuid        primary key,
    mark    bytea       not null unique,  -- of the login name
    sealed  bytea       not null,         -- the login name
    made_at timestamptz not null
);

create table password (
    user_id    uuid        primary key references login on delete cascade,
    hash       text        not null,      -- argon2id with its salt and parameters
    changed_at timestamptz not null
);

create table totp (
    user_id   uuid        primary key references login on delete cascade,
    sealed    bytea       not null,       -- the secret
    last_step bigint      not null,       -- a code is good once: only later steps count
    made_at   timestamptz not null
);

create table recovery_code (
    user_id uuid  not null references login on delete cascade,
    mark    bytea not null,               -- deleted when used
    primary key (user_id, mark)
);

create table passkey (
    credential_id bytea       primary key,
    passkey       uuid        not null unique,
    user_id       uuid        not null references login on delete cascade,
    public_key    bytea       not null,
    count         bigint      not null,   -- of the authenticator; a copy of it counts behind
    label_sealed  bytea       not null,
    added_at      timestamptz not null,
    used_at       timestamptz
);
create index passkey_user on passkey (user_id);

create table provider_subject (
    mark    bytea       primary key,      -- of issuer and subject
    user_id uuid        not null references login on delete cascade,
    made_at timestamptz not null
);
create index provider_subject_user on provider_subject (user_id);

create table session (
    mark           bytea       primary key,  -- SHA-256 of the token, which only the browser has
    handle         uuid        not null unique,
    user_id        uuid        not null references login on delete cascade,
    browser_sealed bytea       not null,
    login_at       timestamptz not null,
    fresh_at       timestamptz not null,
    used_at        timestamptz not null
);
create index session_of_user on session (user_id);

create table ticket (                      -- between two steps
    mark    bytea       primary key,
    purpose text        not null,
    user_id uuid,                          -- null: whatever comes next is refused
    account bytea,                         -- mark of the typed login name
    content bytea       not null,          -- a challenge
    tries   integer     not null,
    ends_at timestamptz not null
);
create index ticket_ends on ticket (ends_at);

create table failure (                     -- of an account or an address, for the growing delay
    mark     bytea       primary key,
    failures integer     not null,
    last_at  timestamptz not null
);

create table enrolment (                   -- links; used ones stay a year: who let whom in, and when
    mark         bytea       primary key,
    user_id      uuid        not null references login on delete cascade,
    recovery     boolean     not null,     -- what the person had counts no more
    made_by      uuid        not null,
    confirmed_by uuid,
    made_at      timestamptz not null,
    ends_at      timestamptz not null,
    used_at      timestamptz
);
create index enrolment_user on enrolment (user_id);

create table recovery (                    -- waits for a second administrator
    user_id     uuid        primary key references login on delete cascade,
    proposed_by uuid        not null,
    ends_at     timestamptz not null
);
