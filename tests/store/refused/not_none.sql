-- expect: changes nothing, declared none
-- name: bad (region text) -> none
select 1 where :region = 'a';
