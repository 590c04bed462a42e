-- expect: column n is boolean on PostgreSQL: write case when
-- name: bad (region text, id bigint) -> one (n bigint)
select due_day is null as n from item where region = :region and id = :id;
