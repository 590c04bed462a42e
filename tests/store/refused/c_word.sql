-- expect: that is no word of C at 'case'
-- name: bad (case text) -> none
delete from item where region = :case;
