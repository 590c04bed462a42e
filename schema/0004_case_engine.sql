-- The case engine in full: deadlines of stages, what has been filed away, who is told when a limit nears or is exceeded, sections of the house.
alter table case_file add column stage_due_day bigint not null default 2147483647;
alter table case_file add column archived_ms bigint not null default 0;
alter table case_file add column explained bigint not null default 0 check (explained in (0, 1));
alter table staff add column section text not null default '';

-- A reminder or an escalation exists exactly once: its key is the case, its kind and the deadline it is about.
create table case_alert (
  region text not null, case_id bigint not null, kind text not null, deadline_day bigint not null,
  id bigint not null, staff_id bigint not null, created_ms bigint not null, seen_ms bigint not null,
  primary key (region, case_id, kind, deadline_day)
);
create index case_alert_staff on case_alert (region, staff_id, id) where seen_ms = 0;
-- Few stages have a limit of their own.
create index case_stage_due on case_file (region, stage_due_day, id) where open = 1 and stage_due_day < 2147483647;
