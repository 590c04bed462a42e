-- Messages to people and systems: written in the transaction of what they tell of, sent later, at least once. A row exists exactly once
-- for its case, kind, mark (the event's number or the deadline), channel and target; that key is the receiver's key too.
-- Recipient and content are sealed under the data key KEY_ID (0: the house's own, for what is about no case).
-- DUE_MS: when it may be tried next; while leased, when the lease ends. LEASE: whose turn it is; 0 = nobody's.
create table message (
  region text not null, id bigint not null,
  case_id bigint not null, kind text not null, mark bigint not null, channel text not null, target text not null,
  case_no text not null, matter text not null,
  state text not null check (state in ('waiting', 'leased', 'sent', 'failed', 'given_up')),
  attempts bigint not null, due_ms bigint not null, lease bigint not null, outcome text not null,
  key_id bigint not null, recipient bytea not null, content bytea not null,
  created_ms bigint not null, ended_ms bigint not null, seen_ms bigint not null,
  primary key (region, id)
);
create unique index message_once on message (region, case_id, kind, mark, channel, target);
create index message_due on message (region, due_ms, id) where state in ('waiting', 'leased');
create index message_lease on message (region, lease, id) where lease <> 0;
create index message_state on message (region, state, id) where state <> 'sent';
create index message_case on message (region, case_id, channel, id);
create index message_staff on message (region, target, id) where channel = 'staff';
