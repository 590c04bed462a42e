-- name: item_insert (region text, id bigint, no text, body bytea?, due_day bigint?, note text?) -> none
insert into item (region, id, no, body, due_day, note) values (:region, :id, :no, :body, :due_day, :note);

-- name: item_insert_once (region text, id bigint, no text) -> none
-- Says by the number of changed rows whether the number was free.
insert into item (region, id, no) values (:region, :id, :no) on conflict (region, no) do nothing;

-- name: item_get (region text, id bigint) -> one (no text, body bytea?, due_day bigint?, note text?)
select no, body, due_day, note from item where region = :region and id = :id;

-- name: item_by_prefix (region text, lo text, hi text) -> one (id bigint)
select id from item where region = :region and no >= :lo and no < :hi;

-- name: item_list (region text, after bigint, n bigint)
-- -> many (id bigint, no text, due_day bigint?)
select id, no, due_day from item
where region = :region and id > :after -- keyset; a ';' in a comment
order by id limit :n;

-- name: item_count (region text) -> one (n bigint, least bigint, flag bigint)
select count(*) as n, cast(coalesce(sum(id), 0) as bigint) as least, case when count(*) > 0 then 1 else 0 end as flag
from item where region = :region;

-- name: item_delete_all (region text) -> none
delete from item where region = :region;

-- name: item_note (region text, id bigint, note text?) -> none
update item set note = :note where region = :region and id = :id;

-- name: counter_take (region text, kind text) -> one (next bigint)
insert into counter as c (region, kind, next) values (:region, :kind, 1)
on conflict (region, kind) do update set next = c.next + 1 returning next;

-- name: counter_get (region text, kind text) -> one (next bigint)
select next from counter where region = :region and kind = :kind;

-- name: counter_set (region text, kind text, next bigint) -> none
update counter set next = :next where region = :region and kind = :kind;

-- name: part_insert (region text, item_id bigint, seq bigint, name text) -> none
insert into part (region, item_id, seq, name) values (:region, :item_id, :seq, :name);

-- name: part_insert_default (region text, item_id bigint, seq bigint) -> none
insert into part (region, item_id, seq) values (:region, :item_id, :seq);

-- name: part_get (region text, item_id bigint, seq bigint) -> one (name text)
select name from part where region = :region and item_id = :item_id and seq = :seq;

-- name: part_claim (region text, n bigint) -> many (item_id bigint, seq bigint)
delete from part where region = :region and (item_id, seq) in (
  select p.item_id, p.seq from part p where p.region = :region order by p.item_id, p.seq limit :n)
returning item_id, seq;
-- name: part_claim @pg
delete from part where region = :region and (item_id, seq) in (
  select p.item_id, p.seq from part p where p.region = :region order by p.item_id, p.seq limit :n for update skip locked)
returning item_id, seq;

-- name: part_all -> many (region text, item_id bigint, seq bigint) scan
select region, item_id, seq from part;
