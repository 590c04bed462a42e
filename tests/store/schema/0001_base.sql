-- A tiny schema for store_test.c: what the drivers must carry, nothing of the desk.
create table item (
  region text not null, id bigint not null, no text not null, body bytea, due_day bigint, note text,
  primary key (region, id)
);
create unique index item_no on item (region, no);
create table counter (
  region text not null, kind text not null, next bigint not null check (next >= 0),
  primary key (region, kind)
) without rowid;
