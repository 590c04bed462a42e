-- expect: sort key due_day may be null (item)
-- name: bad (region text) -> many (id bigint) scan
select id from item where region = :region order by due_day desc, id limit 5;
