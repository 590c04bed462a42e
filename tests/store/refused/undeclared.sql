-- expect: refused/undeclared.sql:4: parameter :id is not declared
-- name: bad (region text) -> one (no text)
select no from item
where region = :region and id = :id;
