-- expect: a list without order by
-- name: bad (region text) -> many (id bigint)
select id from item where region = :region limit 5;
