-- expect: literal x'00' means different types
-- name: bad (region text, id bigint) -> none
update item set body = x'00' where region = :region and id = :id;
