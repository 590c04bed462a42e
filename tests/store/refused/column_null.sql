-- expect: column note may be null in table item: declare note text?
-- name: bad (region text, id bigint) -> one (note text)
select note from item where region = :region and id = :id;
