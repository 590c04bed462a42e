-- Versions of a region's catalogue (R6, R7). A package is never changed; a version names one by its digest.
create table catalog_package (
  region text not null, digest text not null, bytes bytea not null, created_ms bigint not null,
  primary key (region, digest)
);

-- Days: as everywhere, days since 1970-01-01; a version without a day yet holds the least 32-bit number.
create table catalog_version (
  region text not null, no bigint not null,
  state text not null check (state in ('draft', 'submitted', 'published', 'dropped')),
  digest text not null, effective_day bigint not null, note text not null, source text not null,
  keeper_id bigint not null, keeper text not null, publisher_id bigint not null, publisher text not null,
  created_ms bigint not null, published_ms bigint not null, edited bigint not null,
  primary key (region, no)
);
-- One working copy a region, whatever two keepers do at once.
create unique index catalog_version_open on catalog_version (region) where state in ('draft', 'submitted');
create index catalog_version_published on catalog_version (region, no) where state = 'published';

-- Who did what to a version; append-only. Who touched its content does not publish it.
create table catalog_event (
  region text not null, id bigint not null, no bigint not null, kind text not null,
  staff_id bigint not null, staff text not null, at_ms bigint not null, note text not null, detail text not null,
  primary key (region, id)
);
create index catalog_event_version on catalog_event (region, no, id);
