-- What happened to a staff account after it was made: who changed it, when, which thing, from what to what. Rows are only ever added.
-- BY_ID 0: on the command line. WHAT: added, roles, agency, section, points, status, password.
create table staff_event (
  region text not null, id bigint not null, staff_id bigint not null, by_id bigint not null, at_ms bigint not null,
  what text not null check (what in ('added', 'roles', 'agency', 'section', 'points', 'status', 'password')),
  was text not null, became text not null,
  primary key (region, id)
);
create index staff_event_staff on staff_event (region, staff_id, id);
