-- name: data_key_insert (region text, id bigint, wrapped bytea, created_ms bigint) -> none
insert into data_key (region, id, wrapped, created_ms) values (:region, :id, :wrapped, :created_ms);

-- name: data_key_get (region text, id bigint) -> one (wrapped bytea?)
select wrapped from data_key where region = :region and id = :id;

-- name: counter_take (region text, kind text, period bigint, count bigint) -> one (next bigint)
-- Reserves COUNT numbers; the returned value is the one after the last of them.
insert into number_counter (region, kind, period, next) values (:region, :kind, :period, :count + 1)
on conflict (region, kind, period) do update set next = number_counter.next + :count
returning next;

-- name: idempotency_insert (region text, day bigint, digest bytea, request_digest bytea, result text, created_ms bigint) -> none
insert into idempotency (region, day, digest, request_digest, result, created_ms)
values (:region, :day, :digest, :request_digest, :result, :created_ms)
on conflict (region, day, digest) do nothing;

-- name: idempotency_get (region text, day bigint, digest bytea) -> one (request_digest bytea, result text)
select request_digest, result from idempotency where region = :region and day = :day and digest = :digest;

-- name: idempotency_purge (region text, day bigint) -> none
delete from idempotency where region = :region and day < :day;
