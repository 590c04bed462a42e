-- expect: '*' changes with the schema
-- name: bad (region text, id bigint) -> one (no text)
select * from item where region = :region and id = :id;
