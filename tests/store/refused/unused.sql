-- expect: parameter id is declared but not used
-- name: bad (region text, id bigint) -> none
delete from item where region = :region;
