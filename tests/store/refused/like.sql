-- expect: 'like' ignores ASCII case on SQLite only
-- name: bad (region text, no text) -> one (id bigint)
select id from item where region = :region and no LIKE :no;
