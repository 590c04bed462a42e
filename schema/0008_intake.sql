-- Commitments instead of proofs, their checks and breaches (R35, R128, R132, R133); data of other departments: imported lists, and the
-- register of look-ups (R60, R61, R69, R90, R220, R241, R245, R246).
-- A commitment stands for one missing proof of one matter; its letter is sealed under the subject's key of the case.
create table commitment (
  region text not null, id bigint not null, no text not null, case_id bigint not null, case_no text not null,
  subject_kind text not null check (subject_kind in ('person', 'unit')), subject_digest bytea not null, masked text not null,
  matter text not null, material text not null, proof text not null, key_id bigint not null, body bytea not null,
  made_ms bigint not null, acceptor_id bigint not null, draw_state text not null check (draw_state in ('new', 'drawn', 'passed')),
  primary key (region, id)
);
create unique index commitment_once on commitment (region, case_id, material);
create unique index commitment_no on commitment (region, no);
create index commitment_undrawn on commitment (region, id) where draw_state = 'new' and acceptor_id <> 0;

-- A sample check of a commitment; the evidence is sealed.
create table commitment_check (
  region text not null, id bigint not null, commitment_id bigint not null, drawn_ms bigint not null, due_day bigint not null,
  outcome text not null check (outcome in ('due', 'true', 'false')), key_id bigint not null, evidence bytea not null,
  checker_id bigint not null, checker_name text not null, checked_ms bigint not null,
  primary key (region, id)
);
create unique index commitment_check_once on commitment_check (region, commitment_id);
create index commitment_check_due on commitment_check (region, due_day, id) where outcome = 'due';

-- A false commitment. While it is open and not expired its subject makes no other.
create table breach (
  region text not null, id bigint not null, no text not null, commitment_id bigint not null,
  subject_kind text not null, subject_digest bytea not null, key_id bigint not null, code_digest bytea not null, reason bytea not null,
  state text not null check (state in ('open', 'cured', 'lifted')),
  entered_ms bigint not null, entered_by bigint not null, entered_name text not null, expires_day bigint not null,
  told_day bigint not null, told_way text not null,
  objection text not null check (objection in ('none', 'open', 'upheld', 'refused')), objection_body bytea not null, objected_ms bigint not null,
  decision bytea not null, decided_by bigint not null, decided_name text not null, closed_ms bigint not null,
  primary key (region, id)
);
create unique index breach_no on breach (region, no);
create unique index breach_once on breach (region, commitment_id);
create index breach_open on breach (region, id) where state = 'open';
create index breach_subject on breach (region, subject_digest, id) where state = 'open';

-- One import of a list. Rows count once it is done; a replacing one puts all before it aside, which stays on record.
create table share_import (
  region text not null, id bigint not null, source text not null, no bigint not null, way text not null check (way in ('replace', 'extend')),
  state text not null check (state in ('running', 'done')), data_day bigint not null, key_id bigint not null, digest bytea not null,
  row_count bigint not null, error_count bigint not null, at_ms bigint not null, staff_id bigint not null, staff_name text not null,
  primary key (region, id)
);
create unique index share_import_no on share_import (region, source, no);
create index share_import_base on share_import (region, source, no) where state = 'done' and way = 'replace';
create index share_import_list on share_import (region, id) where state = 'done';

create table share_import_error (
  region text not null, import_id bigint not null, line bigint not null, reason text not null,
  primary key (region, import_id, line)
);

create table share_row (
  region text not null, source text not null, id_digest bytea not null, import_no bigint not null, line bigint not null,
  gone bigint not null check (gone in (0, 1)), body bytea not null,
  primary key (region, source, id_digest, import_no, line)
);

-- Who asked which source about whom, why, on what authority, and what came of it; append-only. No value is kept, only its digest.
create table share_look (
  region text not null, id bigint not null, source text not null, source_name text not null, subject_digest bytea not null, masked text not null,
  case_id bigint not null, case_no text not null, material text not null, reason text not null, consent text not null,
  outcome text not null check (outcome in ('found', 'absent', 'unavailable')), import_no bigint not null, result_digest bytea not null,
  at_ms bigint not null, staff_id bigint not null, staff_name text not null,
  primary key (region, id)
);
create index share_look_case on share_look (region, case_id, id);
create index share_look_subject on share_look (region, subject_digest, id);
