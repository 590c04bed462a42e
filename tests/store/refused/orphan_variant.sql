-- expect: does not follow its twin
-- name: one (region text) -> none
delete from item where region = :region;
-- name: two @pg
delete from item where region = :region;
