-- expect: plan says 'SCAN item
-- name: bad (note text) -> one (id bigint)
select id from item where note = :note;
