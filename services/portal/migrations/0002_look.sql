-- 0002_look.sql: the organisation's own colour and logo (services/portal/web/look.py).
-- New table, nothing existing is locked. Back out: drop table look; pages then look as everybody's.
create table look (
    only_one  boolean     primary key default true check (only_one),
    accent    text,                        -- #rrggbb as the administrator chose it; null: the common one
    logo      bytea,                       -- PNG, drawn anew from what was uploaded; null: the name stands there
    chosen_by uuid        not null,
    chosen_at timestamptz not null
);
