/* A second migration; quoted ';' and '?' must survive: the default is odd on purpose. */
create table part (
  region text not null, item_id bigint not null, seq bigint not null, name text not null default 'a;b ? bigint',
  primary key (region, item_id, seq),
  foreign key (region, item_id) references item (region, id)
);
insert into counter (region, kind, next) values ('r', 'start', 7);
