-- The first shape of the store. Every hot table leads with region; every unique key includes it; no triggers.
-- Personal fields and payloads are sealed (SM4-CTR + HMAC-SM3) under the subject's data key; look-ups go through keyed digests.
-- Times: UTC milliseconds; days: days since 1970-01-01; money: fen; flags: 0/1.

-- One data key per subject, wrapped by the master key; destroying it shreds the subject's payloads, the chain still verifies.
create table data_key (
  region text not null, id bigint not null, wrapped bytea, created_ms bigint not null,
  primary key (region, id)
);

create table staff (
  region text not null, id bigint not null, login text not null, name text not null,
  roles text not null, agency text not null, points text not null, password text not null,
  status text not null, failed bigint not null, locked_ms bigint not null, must_change bigint not null check (must_change in (0, 1)),
  created_ms bigint not null, version bigint not null,
  primary key (region, id)
);
create unique index staff_login on staff (region, login);

create table session (
  region text not null, token_digest bytea not null, staff_id bigint not null, csrf text not null,
  created_ms bigint not null, seen_ms bigint not null, expires_ms bigint not null,
  primary key (region, token_digest)
);
create index session_expiry on session (region, expires_ms);

create table person (
  region text not null, id bigint not null, key_id bigint not null,
  id_digest bytea not null, name_digest bytea not null, masked text not null, body bytea not null,
  demo bigint not null check (demo in (0, 1)), created_ms bigint not null, version bigint not null,
  primary key (region, id)
);
create unique index person_identity on person (region, id_digest);
create index person_name on person (region, name_digest, id);

create table unit (
  region text not null, id bigint not null, key_id bigint not null, no text not null,
  uscc text not null, name text not null, kind text not null, body bytea not null,
  status text not null, demo bigint not null check (demo in (0, 1)), created_ms bigint not null, version bigint not null,
  primary key (region, id)
);
create unique index unit_uscc on unit (region, uscc);
create unique index unit_no on unit (region, no);

create table enrolment (
  region text not null, id bigint not null, person_id bigint not null, insurance text not null, identity text not null,
  unit_id bigint not null, status text not null, from_day bigint not null, to_day bigint not null, case_id bigint not null,
  primary key (region, id)
);
-- R63: at most one active insurance a person, whatever the order in which two clerks press the button.
create unique index enrolment_active on enrolment (region, person_id) where status = 'active';
create index enrolment_person on enrolment (region, person_id, id);
create index enrolment_unit on enrolment (region, unit_id, id) where status = 'active';

create table ledger_entry (
  region text not null, id bigint not null, person_id bigint not null, account text not null, kind text not null,
  amount_fen bigint not null, day bigint not null, months bigint not null, case_id bigint not null,
  primary key (region, id)
);
create index ledger_person on ledger_entry (region, person_id, account, id);

create table offsite_filing (
  region text not null, id bigint not null, person_id bigint not null, category text not null, place text not null,
  proof_mode text not null, status text not null, from_day bigint not null, to_day bigint not null, case_id bigint not null,
  primary key (region, id)
);
create unique index offsite_active on offsite_filing (region, person_id) where status = 'active';
create index offsite_person on offsite_filing (region, person_id, id);

-- What changed in a register, when and by which case; append-only.
create table register_event (
  region text not null, id bigint not null, subject_kind text not null, subject_id bigint not null, case_id bigint not null,
  kind text not null, at_ms bigint not null, key_id bigint not null, payload bytea not null,
  primary key (region, id)
);
create index register_event_subject on register_event (region, subject_kind, subject_id, id);
create index register_event_case on register_event (region, case_id, id);

create table draft (
  region text not null, id bigint not null, token_digest bytea not null, matter text not null, body bytea not null,
  created_ms bigint not null, updated_ms bigint not null, expires_ms bigint not null, case_no text not null,
  version bigint not null, -- what was read may be written back or sent only while it is still that
  primary key (region, id)
);
create unique index draft_token on draft (region, token_digest);
create index draft_expiry on draft (region, expires_ms, id);

create table upload (
  region text not null, id bigint not null, draft_id bigint not null, case_id bigint not null, material text not null,
  digest text not null, size bigint not null, mime text not null, name bytea not null, created_ms bigint not null,
  removed bigint not null check (removed in (0, 1)),
  primary key (region, id)
);
create index upload_digest on upload (region, digest, id) where removed = 0;
create index upload_draft on upload (region, draft_id, id) where removed = 0;
create index upload_case on upload (region, case_id, id) where removed = 0;

-- A projection of case_event: rebuild --check derives it again.
create table case_file (
  region text not null, id bigint not null, no text not null, matter text not null, version text not null,
  status text not null, stage text not null, open bigint not null check (open in (0, 1)),
  subject text not null, person_id bigint not null, unit_id bigint not null, key_id bigint not null, masked text not null,
  channel text not null, level text not null, agency text not null, point text not null, delivery text not null,
  received_ms bigint not null, accepted_ms bigint not null, concluded_ms bigint not null,
  due_day bigint not null, legal_day bigint not null, tentative bigint not null check (tentative in (0, 1)),
  owner_id bigint not null, handler_id bigint not null, access_digest bytea not null, rating bigint not null,
  seq bigint not null, head bytea not null, updated_ms bigint not null,
  primary key (region, id)
);
create unique index case_no on case_file (region, no);
create index case_queue on case_file (region, open, due_day, id);
create index case_queue_stage on case_file (region, open, stage, due_day, id);
create index case_queue_owner on case_file (region, open, owner_id, due_day, id);
create index case_person on case_file (region, person_id, id);
create index case_unit on case_file (region, unit_id, id);

-- The truth, append-only.
create table case_event (
  region text not null, case_id bigint not null, seq bigint not null, id bigint not null, at_ms bigint not null,
  kind text not null, actor text not null, actor_id bigint not null, key_id bigint not null,
  payload bytea not null, commitment bytea not null, prev bytea not null, mac bytea not null, seal_no bigint not null,
  primary key (region, case_id, seq)
);
create index case_event_unsealed on case_event (region, id) where seal_no = 0;
create index case_event_seal on case_event (region, seal_no, id);

create table seal (
  region text not null, no bigint not null, count bigint not null, root bytea not null, prev bytea not null,
  mac bytea not null, at_ms bigint not null,
  primary key (region, no)
);

create table case_material (
  region text not null, case_id bigint not null, material text not null, state text not null, note text not null,
  primary key (region, case_id, material)
);

create table document (
  region text not null, id bigint not null, case_id bigint not null, kind text not null, no text not null,
  code_digest bytea not null, key_id bigint not null, masked text not null, body bytea not null, issued_ms bigint not null,
  issuer_id bigint not null, revoked_ms bigint not null,
  primary key (region, id)
);
create unique index document_no on document (region, no);
create index document_case on document (region, case_id, id);

create table number_counter (
  region text not null, kind text not null, period bigint not null, next bigint not null,
  primary key (region, kind, period)
);

create table rating (
  region text not null, id bigint not null, case_id bigint not null, step text not null, level bigint not null check (level between 1 and 5),
  channel text not null, tags text not null, key_id bigint not null, body bytea not null, bad bigint not null check (bad in (0, 1)),
  created_ms bigint not null,
  primary key (region, id)
);
create unique index rating_case on rating (region, case_id, step);

-- Tasks for people: phone notices on completion (R25), call-backs later.
create table task (
  region text not null, id bigint not null, case_id bigint not null, kind text not null, due_day bigint not null,
  done_ms bigint not null, done_by bigint not null, note text not null,
  primary key (region, id)
);
create unique index task_once on task (region, case_id, kind);
create index task_open on task (region, due_day, id) where done_ms = 0;

-- Every look at an unmasked person, every print at a kiosk.
create table look (
  region text not null, id bigint not null, staff_id bigint not null, kind text not null, subject_kind text not null,
  subject_id bigint not null, case_id bigint not null, reason text not null, at_ms bigint not null,
  primary key (region, id)
);
create index look_subject on look (region, subject_kind, subject_id, id);

create table idempotency (
  region text not null, day bigint not null, digest bytea not null, request_digest bytea not null,
  result text not null, created_ms bigint not null,
  primary key (region, day, digest)
);

create table setting (
  region text not null, name text not null, value text not null,
  primary key (region, name)
);
