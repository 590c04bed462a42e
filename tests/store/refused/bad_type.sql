-- expect: expected text, bigint or bytea at 'int'
-- name: bad (region text, id int) -> none
delete from item where region = :region and id = :id;
