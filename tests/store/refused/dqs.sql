-- expect: quoted name "abc"
-- name: bad (region text, id bigint) -> none
update item set note = "abc" where region = :region and id = :id;
