-- expect: PostgreSQL refuses: function ifnull(
-- name: bad (region text, id bigint) -> one (note text)
select ifnull(note, '') as note from item where region = :region and id = :id;
