-- expect: the statement above does not end
-- name: bad (region text) -> none
delete from item where region = :region
-- name: worse (region text) -> none
delete from part where region = :region;
