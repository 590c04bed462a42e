-- Faults of a guide that people report from its page, and the keeper's answers (R287). What a person wrote is sealed under the report's
-- own key; the answer is public. DUE_DAY: five working days, a convention of the house.
create table guide_fault (
  region text not null, id bigint not null, no text not null, code_digest bytea not null,
  idem_digest bytea not null, request_digest bytea not null,
  matter text not null, matter_digest bytea not null, part text not null,
  key_id bigint not null, body bytea not null, contact bytea not null,
  state text not null check (state in ('open', 'revised', 'kept')),
  answer text not null, version_no bigint not null, answered_ms bigint not null, answered_by bigint not null, answered_name text not null,
  created_ms bigint not null, due_day bigint not null,
  primary key (region, id)
);
create unique index guide_fault_no on guide_fault (region, no);
create unique index guide_fault_idem on guide_fault (region, idem_digest);
create index guide_fault_open on guide_fault (region, id) where state = 'open';
create index guide_fault_answered on guide_fault (region, answered_ms, id) where state <> 'open';
