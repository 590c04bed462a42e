-- expect: column 1 is 'count(*)', declared 'n'
-- name: bad (region text) -> one (n bigint)
select count(*) from item where region = :region;
