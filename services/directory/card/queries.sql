-- upsert_card_list --
-- One row per organisation. The author's highest number counts, whatever order letters arrived in.
insert into card_list as kept (
    organisation_id, number, name, kind, municipality, address, serves_orp, phone, email, web, data_box, hours,
    languages, about, position)
select distinct on (organisation_id)
    organisation_id, number, name, kind, municipality, address, serves_orp::jsonb, phone, email, web, data_box,
    hours, languages::jsonb, about, position
from unnest(
    $1::uuid[], $2::int[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
    $10::text[], $11::text[], $12::text[], $13::text[], $14::text[], $15::bigint[])
    as batch (organisation_id, number, name, kind, municipality, address, serves_orp, phone, email, web, data_box,
              hours, languages, about, position)
order by organisation_id, number desc
on conflict (organisation_id) do update set
    number       = excluded.number,
    name         = excluded.name,
    kind         = excluded.kind,
    municipality = excluded.municipality,
    address      = excluded.address,
    serves_orp   = excluded.serves_orp,
    phone        = excluded.phone,
    email        = excluded.email,
    web          = excluded.web,
    data_box     = excluded.data_box,
    hours        = excluded.hours,
    languages    = excluded.languages,
    about        = excluded.about,
    position     = excluded.position
where kept.number < excluded.number;

-- upsert_offered_service --
-- One row per service, kept when withdrawn, so that an older letter cannot bring it back.
insert into offered_service as kept (
    organisation_id, service_id, number, withdrawn, name, service_type, register_id, forms, target_groups, needs,
    areas, age_from, age_to, municipality, address, address_confidential, phone, email, hours, languages, documents,
    conditions, registered_capacity, capacity_type, position)
select distinct on (organisation_id, service_id)
    organisation_id, service_id, number, withdrawn, name, service_type, register_id, forms::jsonb,
    target_groups::jsonb, needs::jsonb, areas::jsonb, age_from, age_to, municipality, address, address_confidential,
    phone, email, hours, languages::jsonb, documents::jsonb, conditions, registered_capacity, capacity_type, position
from unnest(
    $1::uuid[], $2::uuid[], $3::int[], $4::bool[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
    $10::text[], $11::text[], $12::int[], $13::int[], $14::text[], $15::text[], $16::bool[], $17::text[],
    $18::text[], $19::text[], $20::text[], $21::text[], $22::text[], $23::int[], $24::text[], $25::bigint[])
    as batch (organisation_id, service_id, number, withdrawn, name, service_type, register_id, forms, target_groups,
              needs, areas, age_from, age_to, municipality, address, address_confidential, phone, email, hours,
              languages, documents, conditions, registered_capacity, capacity_type, position)
order by organisation_id, service_id, number desc
on conflict (organisation_id, service_id) do update set
    number               = excluded.number,
    withdrawn            = excluded.withdrawn,
    name                 = excluded.name,
    service_type         = excluded.service_type,
    register_id          = excluded.register_id,
    forms                = excluded.forms,
    target_groups        = excluded.target_groups,
    needs                = excluded.needs,
    areas                = excluded.areas,
    age_from             = excluded.age_from,
    age_to               = excluded.age_to,
    municipality         = excluded.municipality,
    address              = excluded.address,
    address_confidential = excluded.address_confidential,
    phone                = excluded.phone,
    email                = excluded.email,
    hours                = excluded.hours,
    languages            = excluded.languages,
    documents            = excluded.documents,
    conditions           = excluded.conditions,
    registered_capacity  = excluded.registered_capacity,
    capacity_type        = excluded.capacity_type,
    position             = excluded.position
where kept.number < excluded.number;

-- upsert_entry_verified --
-- The owner's last word that an entry is still right.
insert into entry_verified as kept (organisation_id, entry_id, number, verified_on, position)
select distinct on (organisation_id, entry_id) *
from unnest($1::uuid[], $2::uuid[], $3::int[], $4::date[], $5::bigint[])
    as batch (organisation_id, entry_id, number, verified_on, position)
order by organisation_id, entry_id, number desc
on conflict (organisation_id, entry_id) do update set
    number      = excluded.number,
    verified_on = excluded.verified_on,
    position    = excluded.position
where kept.number < excluded.number;

-- upsert_free_places --
-- What the owner last reported; registered capacity is another table's business.
insert into free_places as kept (organisation_id, service_id, number, places, as_of, position)
select distinct on (organisation_id, service_id) *
from unnest($1::uuid[], $2::uuid[], $3::int[], $4::int[], $5::date[], $6::bigint[])
    as batch (organisation_id, service_id, number, places, as_of, position)
order by organisation_id, service_id, number desc
on conflict (organisation_id, service_id) do update set
    number   = excluded.number,
    places   = excluded.places,
    as_of    = excluded.as_of,
    position = excluded.position
where kept.number < excluded.number;

-- upsert_confidential_address --
-- Own places only. A removed one keeps its row without reach: the key is destroyed by forgetting the place.
insert into confidential_address as kept (place_id, organisation_id, service_id, address, removed, position)
select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::bool[], $6::bigint[])
on conflict (place_id) do update set
    organisation_id = excluded.organisation_id,
    service_id      = coalesce(excluded.service_id, kept.service_id),
    address         = coalesce(excluded.address, kept.address),
    removed         = excluded.removed,
    position        = excluded.position
where kept.position < excluded.position;

-- cards --
-- Who is there: by kind, seat, or the district an OSPOD protects.
select c.organisation_id, c.name, c.kind, c.municipality, c.phone, c.email, c.hours,
       (select count(*)::int from offered_service s where s.organisation_id = c.organisation_id and not s.withdrawn)
           as services,
       v.verified_on
from card_list c
left join entry_verified v on v.organisation_id = c.organisation_id and v.entry_id = c.organisation_id
where ($1::text is null or c.kind = $1)
  and ($2::text is null or c.municipality = $2)
  and ($3::text is null or c.serves_orp ? $3)
order by c.name, c.organisation_id
limit $4;

-- card_detail --
-- One whole card with the day its owner last looked at it.
select c.organisation_id, c.name, c.kind, c.municipality, c.address,
       array(select jsonb_array_elements_text(c.serves_orp)) as serves_orp,
       c.phone, c.email, c.web, c.data_box, c.hours,
       array(select jsonb_array_elements_text(c.languages)) as languages,
       c.about, v.verified_on
from card_list c
left join entry_verified v on v.organisation_id = c.organisation_id and v.entry_id = c.organisation_id
where c.organisation_id = $1;

-- services --
-- What is offered, recently verified first; an empty list of areas means everywhere.
select s.organisation_id, c.name as organisation, s.service_id, s.name, s.service_type, s.register_id,
       array(select jsonb_array_elements_text(s.forms)) as forms,
       array(select jsonb_array_elements_text(s.target_groups)) as target_groups,
       array(select jsonb_array_elements_text(s.needs)) as needs,
       array(select jsonb_array_elements_text(s.areas)) as areas,
       s.age_from, s.age_to, s.municipality, s.address, s.address_confidential, s.phone, s.email, s.hours,
       array(select jsonb_array_elements_text(s.languages)) as languages,
       array(select jsonb_array_elements_text(s.documents)) as documents,
       s.conditions, s.registered_capacity, s.capacity_type,
       p.places as free_places, p.as_of as free_places_as_of, v.verified_on
from offered_service s
left join card_list c on c.organisation_id = s.organisation_id
left join free_places p on p.organisation_id = s.organisation_id and p.service_id = s.service_id
left join entry_verified v on v.organisation_id = s.organisation_id and v.entry_id = s.service_id
where not s.withdrawn
  and ($1::text is null or s.needs ? $1)
  and ($2::text is null or s.target_groups ? $2)
  and (($3::text is null and $4::text is null and $5::text is null)
       or s.areas = '[]'::jsonb
       or s.areas ?| array_remove(array['municipality:' || $3, 'orp:' || $4, 'region:' || $5], null))
  and ($6::text is null or s.forms ? $6)
  and ($7::int is null or $7 between coalesce(s.age_from, 0) and coalesce(s.age_to, 130))
  and ($8::uuid is null or s.organisation_id = $8)
order by v.verified_on desc nulls last, s.name, s.service_id
limit $9;

-- service_detail --
-- One service as it stands; nothing if it is not offered any more.
select s.organisation_id, c.name as organisation, s.service_id, s.name, s.service_type, s.register_id,
       array(select jsonb_array_elements_text(s.forms)) as forms,
       array(select jsonb_array_elements_text(s.target_groups)) as target_groups,
       array(select jsonb_array_elements_text(s.needs)) as needs,
       array(select jsonb_array_elements_text(s.areas)) as areas,
       s.age_from, s.age_to, s.municipality, s.address, s.address_confidential, s.phone, s.email, s.hours,
       array(select jsonb_array_elements_text(s.languages)) as languages,
       array(select jsonb_array_elements_text(s.documents)) as documents,
       s.conditions, s.registered_capacity, s.capacity_type,
       p.places as free_places, p.as_of as free_places_as_of, v.verified_on
from offered_service s
left join card_list c on c.organisation_id = s.organisation_id
left join free_places p on p.organisation_id = s.organisation_id and p.service_id = s.service_id
left join entry_verified v on v.organisation_id = s.organisation_id and v.entry_id = s.service_id
where not s.withdrawn and s.organisation_id = $1 and s.service_id = $2;

-- confidential_addresses --
-- Sealed rows, opened for the few who may; never joined to anything that leaves the node.
select place_id, organisation_id, service_id, address
from confidential_address
where not removed
order by place_id
limit $1;

-- public_cards --
-- What a visitor may read of a card. Whoever runs a shelter shows no address: it could be the shelter's.
select c.organisation_id, c.name, c.kind, c.municipality,
       case when exists (
           select from offered_service s
           where s.organisation_id = c.organisation_id and not s.withdrawn
             and (s.address_confidential or s.service_type = 'shelter' or s.forms ? 'pob'
                  and s.target_groups ?| array['domestic_violence_victims', 'trafficking_victims'])
       ) then null else c.address end as address,
       array(select jsonb_array_elements_text(c.serves_orp)) as serves_orp,
       c.phone, c.email, c.web, c.data_box, c.hours,
       array(select jsonb_array_elements_text(c.languages)) as languages,
       c.about, v.verified_on
from card_list c
left join entry_verified v on v.organisation_id = c.organisation_id and v.entry_id = c.organisation_id
where ($1::uuid is null or c.organisation_id = $1)
  and ($2::text is null or c.kind = $2)
  and ($3::text is null or c.municipality = $3)
  and ($4::text is null or c.serves_orp ? $4)
order by c.name, c.organisation_id
limit $5;

-- public_services --
-- What a visitor may read of services, recently verified first; a shelter without the place where it is.
select s.organisation_id, c.name as organisation, s.service_id, s.name, s.service_type, s.register_id,
       array(select jsonb_array_elements_text(s.forms)) as forms,
       array(select jsonb_array_elements_text(s.target_groups)) as target_groups,
       array(select jsonb_array_elements_text(s.needs)) as needs,
       array(select jsonb_array_elements_text(s.areas)) as areas,
       s.age_from, s.age_to,
       case when place.hidden then null else s.municipality end as municipality,
       case when place.hidden then null else s.address end as address,
       place.hidden as address_confidential, s.phone, s.email, s.hours,
       array(select jsonb_array_elements_text(s.languages)) as languages,
       array(select jsonb_array_elements_text(s.documents)) as documents,
       s.conditions, s.registered_capacity, s.capacity_type,
       p.places as free_places, p.as_of as free_places_as_of, v.verified_on
from offered_service s
cross join lateral (
    select s.address_confidential or coalesce(s.service_type = 'shelter', false) or s.forms ? 'pob'
           and s.target_groups ?| array['domestic_violence_victims', 'trafficking_victims'] as hidden
) as place
left join card_list c on c.organisation_id = s.organisation_id
left join free_places p on p.organisation_id = s.organisation_id and p.service_id = s.service_id
left join entry_verified v on v.organisation_id = s.organisation_id and v.entry_id = s.service_id
where not s.withdrawn
  and ($1::text is null or s.needs ? $1)
  and ($2::text is null or s.target_groups = '[]'::jsonb or s.target_groups ? $2)
  and (($3::text is null and $4::text is null and $5::text is null)
       or s.areas = '[]'::jsonb
       or s.areas ?| array_remove(array['municipality:' || $3, 'orp:' || $4, 'region:' || $5], null))
  and ($6::text is null or s.forms ? $6)
  and ($7::int is null or $7 between coalesce(s.age_from, 0) and coalesce(s.age_to, 130))
  and ($8::uuid is null or s.organisation_id = $8)
  and ($9::uuid is null or s.service_id = $9)
order by v.verified_on desc nulls last, s.name, s.service_id
limit $10;
