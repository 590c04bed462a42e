-- expect: column n is numeric on PostgreSQL, declared bigint: write cast(… as bigint) as n
-- name: bad (region text) -> one (n bigint)
select sum(id) as n from item where region = :region;
