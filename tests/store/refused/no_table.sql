-- expect: SQLite refuses: no such table: no_such
-- name: bad -> one (a bigint)
select a from no_such;
