-- 0001_account_list.sql: read model of the test service, filled by account.py.
create table account_list (
    account_id  uuid   primary key,
    owner       text,           -- sealed
    last_amount int,
    position    bigint not null
);
