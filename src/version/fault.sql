-- name: fault_insert (region text, id bigint, no text, code_digest bytea, idem_digest bytea, request_digest bytea, matter text, matter_digest bytea, part text, key_id bigint, body bytea, contact bytea, created_ms bigint, due_day bigint) -> none
-- The same submission twice is one report.
insert into guide_fault (region, id, no, code_digest, idem_digest, request_digest, matter, matter_digest, part, key_id, body, contact, state, answer, version_no, answered_ms, answered_by, answered_name, created_ms, due_day)
values (:region, :id, :no, :code_digest, :idem_digest, :request_digest, :matter, :matter_digest, :part, :key_id, :body, :contact, 'open', '', 0, 0, 0, '', :created_ms, :due_day)
on conflict (region, idem_digest) do nothing;

-- name: fault_by_idem (region text, idem_digest bytea) -> one (id bigint, no text, request_digest bytea)
select id, no, request_digest from guide_fault where region = :region and idem_digest = :idem_digest;

-- name: fault_by_no (region text, no text) -> one (id bigint, code_digest bytea)
select id, code_digest from guide_fault where region = :region and no = :no;

-- name: fault_get (region text, id bigint) -> one (no text, matter text, matter_digest bytea, part text, key_id bigint, body bytea, contact bytea, state text, answer text, version_no bigint, answered_ms bigint, answered_by bigint, answered_name text, created_ms bigint, due_day bigint)
select no, matter, matter_digest, part, key_id, body, contact, state, answer, version_no, answered_ms, answered_by, answered_name, created_ms, due_day
from guide_fault where region = :region and id = :id;

-- name: fault_open (region text, id bigint, limit bigint) -> many (id bigint)
-- Oldest first: that is also the order in which they fall due.
select id from guide_fault where region = :region and state = 'open' and id > :id order by id limit :limit;

-- name: fault_answered (region text, answered_ms bigint, id bigint, limit bigint) -> many (id bigint, answered_ms bigint, no text, matter text, part text, state text, answer text, version_no bigint, answered_name text)
-- Newest first.
select id, answered_ms, no, matter, part, state, answer, version_no, answered_name
from guide_fault where region = :region and state <> 'open' and (answered_ms, id) < (:answered_ms, :id) order by answered_ms desc, id desc limit :limit;

-- name: fault_answer (region text, id bigint, state text, answer text, version_no bigint, answered_ms bigint, answered_by bigint, answered_name text) -> none
update guide_fault set state = :state, answer = :answer, version_no = :version_no, answered_ms = :answered_ms, answered_by = :answered_by, answered_name = :answered_name
where region = :region and id = :id and state = 'open';
