-- expect: column no is TEXT in table item, declared bigint
-- name: bad (region text, id bigint) -> one (no bigint)
select no from item where region = :region and id = :id;
