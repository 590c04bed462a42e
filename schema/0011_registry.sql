-- R288: a unit's registration is decided insurance by insurance; each approved one is a row.
create table unit_insurance (
  region text not null, unit_id bigint not null, insurance text not null, status text not null,
  from_day bigint not null, to_day bigint not null, case_id bigint not null,
  primary key (region, unit_id, insurance)
);

-- Members of a unit who are paused: they are ended or moved with it (R52).
create index enrolment_unit_suspended on enrolment (region, unit_id, id) where status = 'suspended';
