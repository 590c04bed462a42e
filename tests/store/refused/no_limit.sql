-- expect: a list without limit
-- name: bad (region text) -> many (id bigint)
select id from item where region = :region order by id;
