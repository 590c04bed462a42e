-- expect: refused_pg/variant.sql:5: bad: gives 1 columns on PostgreSQL, declared 2
-- name: bad (region text, id bigint) -> one (no text, id bigint)
select no, id from item where region = :region and id = :id;
-- name: bad @pg
select no from item where region = :region and id = :id;
