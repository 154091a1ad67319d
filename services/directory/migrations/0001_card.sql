-- 0001_card.sql: cards and services of all members, filled by services/directory/card/projection.py.
-- Expand only: new tables, nothing existing is locked.
-- Back out: drop table card_list, offered_service, entry_verified, free_places, confidential_address;
-- the log rebuilds them.
create table card_list (
    organisation_id uuid    primary key,
    number          integer,          -- of the owner's entry this row shows
    name            text,
    kind            text,
    municipality    text,             -- RÚIAN code of the seat
    address         text,
    serves_orp      jsonb,            -- array of RÚIAN ORP codes
    phone           text,
    email           text,
    web             text,
    data_box        text,
    hours           text,
    languages       jsonb,
    about           text,
    position        bigint  not null  -- of that entry, in the log of `directory`
);
create table offered_service (
    organisation_id      uuid,
    service_id           uuid,
    number               integer,
    withdrawn            boolean,
    name                 text,
    service_type         text,
    register_id          text,
    forms                jsonb,
    target_groups        jsonb,
    needs                jsonb,
    areas                jsonb,       -- array of `system:code`; empty: everywhere
    age_from             integer,
    age_to               integer,
    municipality         text,
    address              text,
    address_confidential boolean,
    phone                text,
    email                text,
    hours                text,
    languages            jsonb,
    documents            jsonb,
    conditions           text,
    registered_capacity  integer,     -- of the register; never free places
    capacity_type        text,
    position             bigint not null,
    primary key (organisation_id, service_id)
);
create index offered_service_needs on offered_service using gin (needs) where not withdrawn;
create table entry_verified (
    organisation_id uuid,
    entry_id        uuid,             -- a service, or the organisation itself for its card
    number          integer,
    verified_on     date,
    position        bigint not null,
    primary key (organisation_id, entry_id)
);
create table free_places (
    organisation_id uuid,
    service_id      uuid,
    number          integer,
    places          integer,
    as_of           date,
    position        bigint not null,
    primary key (organisation_id, service_id)
);
create table confidential_address (
    place_id        uuid    primary key,
    organisation_id uuid,
    service_id      uuid,
    address         text,             -- sealed under the key of the place
    removed         boolean,
    position        bigint not null
);
