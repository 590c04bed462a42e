-- expect: gives 2 columns, declared 1
-- name: bad (region text, id bigint) -> one (no text)
select no, id from item where region = :region and id = :id;
