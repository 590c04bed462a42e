-- expect: USE TEMP B-TREE
-- name: bad (region text, n bigint) -> many (id bigint, no text)
select id, no from item where region = :region and id > 0 order by no limit :n;
