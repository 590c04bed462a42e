-- expect: refused/twice.sql:5: same is already at
-- name: same (region text) -> none
delete from item where region = :region;

-- name: same (region text) -> none
delete from part where region = :region;
