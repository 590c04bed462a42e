-- name: message_insert (region text, id bigint, case_id bigint, kind text, mark bigint, channel text, target text, case_no text, matter text, state text, due_ms bigint, key_id bigint, recipient bytea, content bytea, created_ms bigint, ended_ms bigint) -> none
-- The same message twice is one row.
insert into message (region, id, case_id, kind, mark, channel, target, case_no, matter, state, attempts, due_ms, lease, outcome, key_id, recipient, content, created_ms, ended_ms, seen_ms)
values (:region, :id, :case_id, :kind, :mark, :channel, :target, :case_no, :matter, :state, 0, :due_ms, 0, '', :key_id, :recipient, :content, :created_ms, :ended_ms, 0)
on conflict (region, case_id, kind, mark, channel, target) do nothing;

-- name: message_due (region text, now_ms bigint, limit bigint) -> many (id bigint)
-- Is there anything to do? Asked every second, so it is asked on a reader.
select id from message where region = :region and state in ('waiting', 'leased') and due_ms <= :now_ms order by due_ms, id limit :limit;

-- name: message_claim (region text, now_ms bigint, lease bigint, until_ms bigint, limit bigint) -> none
-- A turn is counted when it begins: a message that ends its sender is given up some day too.
update message set state = 'leased', lease = :lease, due_ms = :until_ms, attempts = attempts + 1
where region = :region and id in (select m.id from message as m where m.region = :region and m.state in ('waiting', 'leased') and m.due_ms <= :now_ms
  order by m.due_ms, m.id limit :limit);

-- name: message_claim @pg
-- The array is gathered once, whatever the plan: a subquery run twice would take twice as many.
update message set state = 'leased', lease = :lease, due_ms = :until_ms, attempts = attempts + 1
where region = :region and id = any (array(select m.id from message as m where m.region = :region and m.state in ('waiting', 'leased') and m.due_ms <= :now_ms
  order by m.due_ms, m.id limit :limit for update skip locked));

-- name: message_leased (region text, lease bigint, limit bigint) -> many (id bigint, case_id bigint, kind text, mark bigint, channel text, target text, case_no text, matter text, attempts bigint, key_id bigint, recipient bytea, content bytea, created_ms bigint)
select id, case_id, kind, mark, channel, target, case_no, matter, attempts, key_id, recipient, content, created_ms
from message where region = :region and lease = :lease and lease <> 0 order by id limit :limit;

-- name: message_end (region text, id bigint, lease bigint, state text, due_ms bigint, back bigint, outcome text, ended_ms bigint) -> none
-- Only who holds the lease may say how it ended. BACK: 1 when the turn was not used.
update message set state = :state, lease = 0, due_ms = :due_ms, attempts = attempts - :back, outcome = :outcome, ended_ms = :ended_ms
where region = :region and id = :id and lease = :lease and state = 'leased';

-- name: message_again (region text, id bigint, due_ms bigint) -> none
update message set state = 'waiting', attempts = 0, due_ms = :due_ms, ended_ms = 0 where region = :region and id = :id and state in ('failed', 'given_up');

-- name: message_give_up (region text, id bigint, outcome text, ended_ms bigint) -> none
update message set state = 'given_up', outcome = :outcome, ended_ms = :ended_ms where region = :region and id = :id and state in ('failed', 'waiting');

-- name: message_in_state (region text, state text, id bigint, limit bigint) -> many (id bigint, case_id bigint, kind text, channel text, target text, case_no text, matter text, attempts bigint, due_ms bigint, outcome text, key_id bigint, recipient bytea, created_ms bigint, ended_ms bigint)
select id, case_id, kind, channel, target, case_no, matter, attempts, due_ms, outcome, key_id, recipient, created_ms, ended_ms
from message where region = :region and state = :state and state <> 'sent' and id > :id order by id limit :limit;

-- name: message_of_case (region text, case_id bigint, channel text, limit bigint) -> many (id bigint, kind text, mark bigint, key_id bigint, content bytea, created_ms bigint)
-- Newest first: the oldest of a very long case fall off.
select id, kind, mark, key_id, content, created_ms from message
where region = :region and case_id = :case_id and channel = :channel order by id desc limit :limit;

-- name: message_of_staff (region text, target text, id bigint, limit bigint) -> many (id bigint, case_id bigint, kind text, case_no text, matter text, key_id bigint, content bytea, created_ms bigint, seen_ms bigint)
select id, case_id, kind, case_no, matter, key_id, content, created_ms, seen_ms
from message where region = :region and target = :target and channel = 'staff' and id < :id order by id desc limit :limit;

-- name: message_seen (region text, id bigint, target text, seen_ms bigint) -> none
update message set seen_ms = :seen_ms where region = :region and id = :id and channel = 'staff' and target = :target and seen_ms = 0;

-- name: message_get (region text, id bigint) -> one (case_id bigint, kind text, channel text, target text, state text)
select case_id, kind, channel, target, state from message where region = :region and id = :id;

-- name: message_all_of_case (region text, case_id bigint, limit bigint) -> many (id bigint, kind text, mark bigint, channel text, target text, state text, outcome text, key_id bigint, content bytea, created_ms bigint, ended_ms bigint) scan
-- One case has few; they are sorted when they are here.
select id, kind, mark, channel, target, state, outcome, key_id, content, created_ms, ended_ms from message
where region = :region and case_id = :case_id order by id desc limit :limit;
