-- name: version_in_force (region text, day bigint) -> one (no bigint, state text, digest text, effective_day bigint, note text, source text, keeper_id bigint, keeper text, publisher_id bigint, publisher text, created_ms bigint, published_ms bigint, edited bigint)
select no, state, digest, effective_day, note, source, keeper_id, keeper, publisher_id, publisher, created_ms, published_ms, edited
from catalog_version where region = :region and state = 'published' and effective_day <= :day order by no desc limit 1;

-- name: version_get (region text, no bigint) -> one (state text, digest text, effective_day bigint, note text, source text, keeper_id bigint, keeper text, publisher_id bigint, publisher text, created_ms bigint, published_ms bigint, edited bigint)
select state, digest, effective_day, note, source, keeper_id, keeper, publisher_id, publisher, created_ms, published_ms, edited
from catalog_version where region = :region and no = :no;

-- name: version_open (region text) -> one (no bigint)
select no from catalog_version where region = :region and state in ('draft', 'submitted');

-- name: version_list (region text, before bigint, limit bigint) -> many (no bigint, state text, digest text, effective_day bigint, note text, source text, keeper_id bigint, keeper text, publisher_id bigint, publisher text, created_ms bigint, published_ms bigint, edited bigint)
select no, state, digest, effective_day, note, source, keeper_id, keeper, publisher_id, publisher, created_ms, published_ms, edited
from catalog_version where region = :region and no < :before order by no desc limit :limit;

-- name: version_last (region text) -> one (no bigint)
select cast(coalesce(max(no), 0) as bigint) as no from catalog_version where region = :region;

-- name: version_with_digest (region text, digest text) -> one (no bigint)
-- A region has some hundreds of versions in its life: the key's first column is index enough.
select no from catalog_version where region = :region and digest = :digest order by no limit 1;

-- name: version_insert (region text, no bigint, state text, digest text, effective_day bigint, note text, source text, keeper_id bigint, keeper text, publisher_id bigint, publisher text, created_ms bigint, published_ms bigint) -> none
-- Nothing happens when another process took the number or has a draft open.
insert into catalog_version (region, no, state, digest, effective_day, note, source, keeper_id, keeper, publisher_id, publisher, created_ms, published_ms, edited)
values (:region, :no, :state, :digest, :effective_day, :note, :source, :keeper_id, :keeper, :publisher_id, :publisher, :created_ms, :published_ms, 1)
on conflict do nothing;

-- name: version_update (region text, no bigint, old_edited bigint, state text, digest text, effective_day bigint, note text, source text, keeper_id bigint, keeper text, publisher_id bigint, publisher text, published_ms bigint) -> none
-- Optimistic; what is published or dropped stays as it is.
update catalog_version set state = :state, digest = :digest, effective_day = :effective_day, note = :note, source = :source, keeper_id = :keeper_id, keeper = :keeper,
  publisher_id = :publisher_id, publisher = :publisher, published_ms = :published_ms, edited = edited + 1
where region = :region and no = :no and edited = :old_edited and state in ('draft', 'submitted');

-- name: version_package_get (region text, digest text) -> one (bytes bytea)
select bytes from catalog_package where region = :region and digest = :digest;

-- name: version_package_insert (region text, digest text, bytes bytea, created_ms bigint) -> none
insert into catalog_package (region, digest, bytes, created_ms) values (:region, :digest, :bytes, :created_ms) on conflict (region, digest) do nothing;

-- name: version_package_drop (region text, digest text) -> none
-- What a draft held before its last change, unless a version still names it.
delete from catalog_package where region = :region and digest = :digest
and not exists (select 1 from catalog_version v where v.region = catalog_package.region and v.digest = catalog_package.digest);

-- name: version_event_insert (region text, id bigint, no bigint, kind text, staff_id bigint, staff text, at_ms bigint, note text, detail text) -> none
insert into catalog_event (region, id, no, kind, staff_id, staff, at_ms, note, detail)
values (:region, :id, :no, :kind, :staff_id, :staff, :at_ms, :note, :detail);

-- name: version_event_list (region text, no bigint, limit bigint) -> many (kind text, staff_id bigint, staff text, at_ms bigint, note text)
select kind, staff_id, staff, at_ms, note from catalog_event where region = :region and no = :no order by id desc limit :limit;

-- name: version_event_detail (region text, no bigint) -> one (detail text, note text, at_ms bigint)
-- What the last import of the draft found.
select detail, note, at_ms from catalog_event where region = :region and no = :no and kind = 'imported' order by id desc limit 1;

-- name: version_touched (region text, no bigint, staff_id bigint) -> one (n bigint)
select count(*) as n from catalog_event where region = :region and no = :no and staff_id = :staff_id
and kind in ('opened', 'uploaded', 'imported', 'edited', 'removed', 'accepted', 'submitted');
