-- expect: PostgreSQL refuses: column reference "next" is ambiguous
-- name: bad (region text) -> none
insert into counter (region, kind, next) values (:region, 'a', 1) on conflict (region, kind) do update set next = next + 1;
