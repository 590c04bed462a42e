-- Supervision: complaints and calls on the supervision phone (R8), a city's circulars to its counties and what they put right (R286).

-- What a person wrote and what he was answered is sealed under the complaint's own key; only a text published on purpose is in clear.
-- ACCUSED_ID: the member of staff complained of, 0 = none named. OWNER_ID: who is to answer, 0 = nobody yet.
create table complaint (
  region text not null, id bigint not null, no text not null, code_digest bytea not null,
  idem_digest bytea not null, request_digest bytea not null,
  source text not null check (source in ('online', 'phone', 'visit', 'letter', 'referred')),
  kind text not null check (kind in ('complaint', 'report', 'advice')),
  matter text not null, case_no text not null,
  key_id bigint not null, body bytea not null, target bytea not null, contact bytea not null,
  state text not null check (state in ('open', 'assigned', 'answered', 'transferred')), open bigint not null check (open in (0, 1)),
  received_ms bigint not null, taken_by bigint not null, taken_name text not null,
  accused_id bigint not null, owner_id bigint not null, due_day bigint not null, workdays bigint not null, basis text not null,
  answer bytea not null, transfer_to text not null, closed_ms bigint not null, closed_by bigint not null, closed_name text not null,
  is_public bigint not null check (is_public in (0, 1)), public_title text not null, public_text text not null,
  seq bigint not null, created_ms bigint not null,
  primary key (region, id)
);
create unique index complaint_no on complaint (region, no);
create unique index complaint_idem on complaint (region, idem_digest);
create index complaint_open on complaint (region, due_day, id, owner_id, accused_id) where open = 1;
create index complaint_owner on complaint (region, owner_id, due_day, id) where open = 1;
create index complaint_closed on complaint (region, closed_ms, id) where open = 0;
create index complaint_public on complaint (region, closed_ms, id) where is_public = 1;

-- Who did what to a complaint; append-only. NOTE is sealed like the complaint.
create table complaint_event (
  region text not null, complaint_id bigint not null, seq bigint not null, kind text not null,
  at_ms bigint not null, actor_id bigint not null, actor_name text not null, person text not null, note bytea not null,
  primary key (region, complaint_id, seq)
);

-- A circular (通报) as its city keeps it (ORIGIN = REGION, OWN = 1) and as each county addressed got it (OWN = 0).
create table circular (
  region text not null, origin text not null, id bigint not null, no text not null, title text not null, body text not null,
  issuer_id bigint not null, issuer_name text not null, issuer_agency text not null, addressed text not null,
  own bigint not null check (own in (0, 1)), is_public bigint not null check (is_public in (0, 1)),
  idem_digest bytea not null, created_ms bigint not null, arrived_ms bigint not null, read_ms bigint not null, read_name text not null,
  primary key (region, origin, id)
);
create index circular_list on circular (region, created_ms, id);
create index circular_public on circular (region, created_ms, id) where is_public = 1;
create unique index circular_once on circular (region, idem_digest) where own = 1;

-- A rectification task (整改), again in both regions. The city's turns are even rounds, the county's odd ones, so either copy follows from
-- the turns it holds.
create table rectification (
  region text not null, origin text not null, id bigint not null, circular_id bigint not null, county text not null, no text not null,
  title text not null, responsible text not null, due_day bigint not null,
  state text not null check (state in ('open', 'answered', 'returned', 'accepted')), open bigint not null check (open in (0, 1)),
  round bigint not null, answered_day bigint not null, created_ms bigint not null,
  primary key (region, origin, id)
);
create index rectification_open on rectification (region, due_day, id) where open = 1;
create index rectification_county on rectification (region, county, due_day, state, answered_day) where open = 1;
create index rectification_circular on rectification (region, circular_id, id);

create table rectification_turn (
  region text not null, origin text not null, task_id bigint not null, round bigint not null,
  kind text not null check (kind in ('open', 'answer', 'return', 'accept')), body text not null, due_day bigint not null,
  actor_id bigint not null, actor_name text not null, at_ms bigint not null,
  primary key (region, origin, task_id, round)
);

-- What is to be carried into another region: a row of its own there, written by a repeatable step, never in one transaction with this.
create table region_post (
  region text not null, id bigint not null, to_region text not null, kind text not null check (kind in ('circular', 'turn')),
  origin text not null, ref_id bigint not null, round bigint not null, created_ms bigint not null, delivered_ms bigint not null,
  primary key (region, id)
);
create unique index region_post_once on region_post (region, to_region, kind, origin, ref_id, round);
create index region_post_pending on region_post (region, id) where delivered_ms = 0;

-- Counts for the supervisor: only the open cases, only what is counted, in the order of the stages. OPEN stands in it too, or SQLite would
-- look into the table for it.
create index case_supervise on case_file (region, open, stage, due_day, received_ms, agency) where open = 1;
create index case_concluded on case_file (region, concluded_ms, due_day) where concluded_ms > 0;
