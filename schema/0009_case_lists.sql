-- The section whose work the present stage is, as the guide names it (stage.unit); empty where it names none.
alter table case_file add column section text not null default '';

-- The workbench's lists at a million cases. Open cases are a small part of all: their indexes hold nothing else, and each has a
-- twin led by the agency for those who see one agency only. The three general ones of 0001 go: they held the closed ones too.
drop index case_queue;
drop index case_queue_stage;
drop index case_queue_owner;
-- Most cases have a person and no unit; 0 is nobody, whom nobody looks for, and would mislead a planner about all others.
drop index case_person;
drop index case_unit;
create index case_of_person on case_file (region, person_id, id) where person_id <> 0;
create index case_of_unit on case_file (region, unit_id, id) where unit_id <> 0;
create index case_open on case_file (region, due_day, id) where open = 1;
create index case_open_agency on case_file (region, agency, due_day, id) where open = 1;
create index case_open_owner on case_file (region, owner_id, due_day, id) where open = 1;
create index case_open_stage on case_file (region, stage, due_day, id) where open = 1;
create index case_open_agency_stage on case_file (region, agency, stage, due_day, id) where open = 1;
create index case_open_matter on case_file (region, matter, due_day, id) where open = 1;
create index case_open_agency_matter on case_file (region, agency, matter, due_day, id) where open = 1;
create index case_open_channel on case_file (region, channel, due_day, id) where open = 1;
create index case_open_agency_channel on case_file (region, agency, channel, due_day, id) where open = 1;
create index case_open_section on case_file (region, section, due_day, id) where open = 1;
create index case_open_agency_section on case_file (region, agency, section, due_day, id) where open = 1;
create index case_closed on case_file (region, concluded_ms, id) where open = 0;
create index case_closed_agency on case_file (region, agency, concluded_ms, id) where open = 0;
create index case_closed_owner on case_file (region, owner_id, concluded_ms, id) where open = 0;
