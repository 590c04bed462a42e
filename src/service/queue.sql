-- The lists of the workbench. Every one is a range of one index (schema/0009_case_lists.sql), in that index's order, one page a
-- query: what is read does not grow with the table. Who sees one agency only has statements of his own, with the agency in
-- front: he never walks the region's cases. All select the same columns in the same order; queue.c relies on it.
-- :late_from is the first day on which nothing is late yet: cases due before it are listed. Keyset: the last row of the page before.

-- name: queue_all (region text, late_from bigint, due_day bigint, id bigint, limit bigint) -> many (id bigint, no text, matter text, status text, stage text, masked text, channel text, agency text, received_ms bigint, concluded_ms bigint, updated_ms bigint, due_day bigint, stage_due_day bigint, owner_id bigint, owner text)
select c.id, c.no, c.matter, c.status, c.stage, c.masked, c.channel, c.agency, c.received_ms, c.concluded_ms, c.updated_ms, c.due_day, c.stage_due_day, c.owner_id, coalesce(p.name, '') as owner
from case_file c left join staff p on p.region = c.region and p.id = c.owner_id
where c.region = :region and c.open = 1 and c.due_day < :late_from and (c.due_day, c.id) > (:due_day, :id)
order by c.due_day, c.id limit :limit;

-- name: queue_agency (region text, agency text, late_from bigint, due_day bigint, id bigint, limit bigint) -> many (id bigint, no text, matter text, status text, stage text, masked text, channel text, agency text, received_ms bigint, concluded_ms bigint, updated_ms bigint, due_day bigint, stage_due_day bigint, owner_id bigint, owner text)
select c.id, c.no, c.matter, c.status, c.stage, c.masked, c.channel, c.agency, c.received_ms, c.concluded_ms, c.updated_ms, c.due_day, c.stage_due_day, c.owner_id, coalesce(p.name, '') as owner
from case_file c left join staff p on p.region = c.region and p.id = c.owner_id
where c.region = :region and c.agency = :agency and c.open = 1 and c.due_day < :late_from and (c.due_day, c.id) > (:due_day, :id)
order by c.due_day, c.id limit :limit;

-- name: queue_stage (region text, value text, late_from bigint, due_day bigint, id bigint, limit bigint) -> many (id bigint, no text, matter text, status text, stage text, masked text, channel text, agency text, received_ms bigint, concluded_ms bigint, updated_ms bigint, due_day bigint, stage_due_day bigint, owner_id bigint, owner text)
select c.id, c.no, c.matter, c.status, c.stage, c.masked, c.channel, c.agency, c.received_ms, c.concluded_ms, c.updated_ms, c.due_day, c.stage_due_day, c.owner_id, coalesce(p.name, '') as owner
from case_file c left join staff p on p.region = c.region and p.id = c.owner_id
where c.region = :region and c.stage = :value and c.open = 1 and c.due_day < :late_from and (c.due_day, c.id) > (:due_day, :id)
order by c.due_day, c.id limit :limit;

-- name: queue_agency_stage (region text, agency text, value text, late_from bigint, due_day bigint, id bigint, limit bigint) -> many (id bigint, no text, matter text, status text, stage text, masked text, channel text, agency text, received_ms bigint, concluded_ms bigint, updated_ms bigint, due_day bigint, stage_due_day bigint, owner_id bigint, owner text)
select c.id, c.no, c.matter, c.status, c.stage, c.masked, c.channel, c.agency, c.received_ms, c.concluded_ms, c.updated_ms, c.due_day, c.stage_due_day, c.owner_id, coalesce(p.name, '') as owner
from case_file c left join staff p on p.region = c.region and p.id = c.owner_id
where c.region = :region and c.agency = :agency and c.stage = :value and c.open = 1 and c.due_day < :late_from and (c.due_day, c.id) > (:due_day, :id)
order by c.due_day, c.id limit :limit;

-- name: queue_matter (region text, value text, late_from bigint, due_day bigint, id bigint, limit bigint) -> many (id bigint, no text, matter text, status text, stage text, masked text, channel text, agency text, received_ms bigint, concluded_ms bigint, updated_ms bigint, due_day bigint, stage_due_day bigint, owner_id bigint, owner text)
select c.id, c.no, c.matter, c.status, c.stage, c.masked, c.channel, c.agency, c.received_ms, c.concluded_ms, c.updated_ms, c.due_day, c.stage_due_day, c.owner_id, coalesce(p.name, '') as owner
from case_file c left join staff p on p.region = c.region and p.id = c.owner_id
where c.region = :region and c.matter = :value and c.open = 1 and c.due_day < :late_from and (c.due_day, c.id) > (:due_day, :id)
order by c.due_day, c.id limit :limit;

-- name: queue_agency_matter (region text, agency text, value text, late_from bigint, due_day bigint, id bigint, limit bigint) -> many (id bigint, no text, matter text, status text, stage text, masked text, channel text, agency text, received_ms bigint, concluded_ms bigint, updated_ms bigint, due_day bigint, stage_due_day bigint, owner_id bigint, owner text)
select c.id, c.no, c.matter, c.status, c.stage, c.masked, c.channel, c.agency, c.received_ms, c.concluded_ms, c.updated_ms, c.due_day, c.stage_due_day, c.owner_id, coalesce(p.name, '') as owner
from case_file c left join staff p on p.region = c.region and p.id = c.owner_id
where c.region = :region and c.agency = :agency and c.matter = :value and c.open = 1 and c.due_day < :late_from and (c.due_day, c.id) > (:due_day, :id)
order by c.due_day, c.id limit :limit;

-- name: queue_channel (region text, value text, late_from bigint, due_day bigint, id bigint, limit bigint) -> many (id bigint, no text, matter text, status text, stage text, masked text, channel text, agency text, received_ms bigint, concluded_ms bigint, updated_ms bigint, due_day bigint, stage_due_day bigint, owner_id bigint, owner text)
select c.id, c.no, c.matter, c.status, c.stage, c.masked, c.channel, c.agency, c.received_ms, c.concluded_ms, c.updated_ms, c.due_day, c.stage_due_day, c.owner_id, coalesce(p.name, '') as owner
from case_file c left join staff p on p.region = c.region and p.id = c.owner_id
where c.region = :region and c.channel = :value and c.open = 1 and c.due_day < :late_from and (c.due_day, c.id) > (:due_day, :id)
order by c.due_day, c.id limit :limit;

-- name: queue_agency_channel (region text, agency text, value text, late_from bigint, due_day bigint, id bigint, limit bigint) -> many (id bigint, no text, matter text, status text, stage text, masked text, channel text, agency text, received_ms bigint, concluded_ms bigint, updated_ms bigint, due_day bigint, stage_due_day bigint, owner_id bigint, owner text)
select c.id, c.no, c.matter, c.status, c.stage, c.masked, c.channel, c.agency, c.received_ms, c.concluded_ms, c.updated_ms, c.due_day, c.stage_due_day, c.owner_id, coalesce(p.name, '') as owner
from case_file c left join staff p on p.region = c.region and p.id = c.owner_id
where c.region = :region and c.agency = :agency and c.channel = :value and c.open = 1 and c.due_day < :late_from and (c.due_day, c.id) > (:due_day, :id)
order by c.due_day, c.id limit :limit;

-- name: queue_section (region text, value text, late_from bigint, due_day bigint, id bigint, limit bigint) -> many (id bigint, no text, matter text, status text, stage text, masked text, channel text, agency text, received_ms bigint, concluded_ms bigint, updated_ms bigint, due_day bigint, stage_due_day bigint, owner_id bigint, owner text)
select c.id, c.no, c.matter, c.status, c.stage, c.masked, c.channel, c.agency, c.received_ms, c.concluded_ms, c.updated_ms, c.due_day, c.stage_due_day, c.owner_id, coalesce(p.name, '') as owner
from case_file c left join staff p on p.region = c.region and p.id = c.owner_id
where c.region = :region and c.section = :value and c.open = 1 and c.due_day < :late_from and (c.due_day, c.id) > (:due_day, :id)
order by c.due_day, c.id limit :limit;

-- name: queue_agency_section (region text, agency text, value text, late_from bigint, due_day bigint, id bigint, limit bigint) -> many (id bigint, no text, matter text, status text, stage text, masked text, channel text, agency text, received_ms bigint, concluded_ms bigint, updated_ms bigint, due_day bigint, stage_due_day bigint, owner_id bigint, owner text)
select c.id, c.no, c.matter, c.status, c.stage, c.masked, c.channel, c.agency, c.received_ms, c.concluded_ms, c.updated_ms, c.due_day, c.stage_due_day, c.owner_id, coalesce(p.name, '') as owner
from case_file c left join staff p on p.region = c.region and p.id = c.owner_id
where c.region = :region and c.agency = :agency and c.section = :value and c.open = 1 and c.due_day < :late_from and (c.due_day, c.id) > (:due_day, :id)
order by c.due_day, c.id limit :limit;

-- name: queue_owner (region text, agency text, owner_id bigint, late_from bigint, due_day bigint, id bigint, limit bigint) -> many (id bigint, no text, matter text, status text, stage text, masked text, channel text, agency text, received_ms bigint, concluded_ms bigint, updated_ms bigint, due_day bigint, stage_due_day bigint, owner_id bigint, owner text)
-- One person's cases are few enough to leave out other agencies' while reading.
select c.id, c.no, c.matter, c.status, c.stage, c.masked, c.channel, c.agency, c.received_ms, c.concluded_ms, c.updated_ms, c.due_day, c.stage_due_day, c.owner_id, coalesce(p.name, '') as owner
from case_file c left join staff p on p.region = c.region and p.id = c.owner_id
where c.region = :region and c.owner_id = :owner_id and (:agency = '' or c.agency = :agency) and c.open = 1 and c.due_day < :late_from and (c.due_day, c.id) > (:due_day, :id)
order by c.due_day, c.id limit :limit;

-- name: queue_closed (region text, from_ms bigint, concluded_ms bigint, id bigint, limit bigint) -> many (id bigint, no text, matter text, status text, stage text, masked text, channel text, agency text, received_ms bigint, concluded_ms bigint, updated_ms bigint, due_day bigint, stage_due_day bigint, owner_id bigint, owner text)
-- Last concluded first. A day is the range from its first instant to the cursor of the next day's.
select c.id, c.no, c.matter, c.status, c.stage, c.masked, c.channel, c.agency, c.received_ms, c.concluded_ms, c.updated_ms, c.due_day, c.stage_due_day, c.owner_id, coalesce(p.name, '') as owner
from case_file c left join staff p on p.region = c.region and p.id = c.owner_id
where c.region = :region and c.open = 0 and c.concluded_ms >= :from_ms and (c.concluded_ms, c.id) < (:concluded_ms, :id)
order by c.concluded_ms desc, c.id desc limit :limit;

-- name: queue_closed_agency (region text, agency text, from_ms bigint, concluded_ms bigint, id bigint, limit bigint) -> many (id bigint, no text, matter text, status text, stage text, masked text, channel text, agency text, received_ms bigint, concluded_ms bigint, updated_ms bigint, due_day bigint, stage_due_day bigint, owner_id bigint, owner text)
select c.id, c.no, c.matter, c.status, c.stage, c.masked, c.channel, c.agency, c.received_ms, c.concluded_ms, c.updated_ms, c.due_day, c.stage_due_day, c.owner_id, coalesce(p.name, '') as owner
from case_file c left join staff p on p.region = c.region and p.id = c.owner_id
where c.region = :region and c.agency = :agency and c.open = 0 and c.concluded_ms >= :from_ms and (c.concluded_ms, c.id) < (:concluded_ms, :id)
order by c.concluded_ms desc, c.id desc limit :limit;

-- name: queue_closed_owner (region text, agency text, owner_id bigint, from_ms bigint, concluded_ms bigint, id bigint, limit bigint) -> many (id bigint, no text, matter text, status text, stage text, masked text, channel text, agency text, received_ms bigint, concluded_ms bigint, updated_ms bigint, due_day bigint, stage_due_day bigint, owner_id bigint, owner text)
select c.id, c.no, c.matter, c.status, c.stage, c.masked, c.channel, c.agency, c.received_ms, c.concluded_ms, c.updated_ms, c.due_day, c.stage_due_day, c.owner_id, coalesce(p.name, '') as owner
from case_file c left join staff p on p.region = c.region and p.id = c.owner_id
where c.region = :region and c.owner_id = :owner_id and (:agency = '' or c.agency = :agency) and c.open = 0 and c.concluded_ms >= :from_ms and (c.concluded_ms, c.id) < (:concluded_ms, :id)
order by c.concluded_ms desc, c.id desc limit :limit;

-- name: queue_person (region text, agency text, person_id bigint, id bigint, limit bigint) -> many (id bigint, no text, matter text, status text, stage text, masked text, channel text, agency text, received_ms bigint, concluded_ms bigint, updated_ms bigint, due_day bigint, stage_due_day bigint, owner_id bigint, owner text)
-- Open and closed, newest first.
select c.id, c.no, c.matter, c.status, c.stage, c.masked, c.channel, c.agency, c.received_ms, c.concluded_ms, c.updated_ms, c.due_day, c.stage_due_day, c.owner_id, coalesce(p.name, '') as owner
from case_file c left join staff p on p.region = c.region and p.id = c.owner_id
where c.region = :region and c.person_id = :person_id and c.person_id <> 0 and (:agency = '' or c.agency = :agency) and c.id < :id
order by c.id desc limit :limit;

-- name: queue_unit (region text, agency text, unit_id bigint, id bigint, limit bigint) -> many (id bigint, no text, matter text, status text, stage text, masked text, channel text, agency text, received_ms bigint, concluded_ms bigint, updated_ms bigint, due_day bigint, stage_due_day bigint, owner_id bigint, owner text)
-- Open and closed, newest first.
select c.id, c.no, c.matter, c.status, c.stage, c.masked, c.channel, c.agency, c.received_ms, c.concluded_ms, c.updated_ms, c.due_day, c.stage_due_day, c.owner_id, coalesce(p.name, '') as owner
from case_file c left join staff p on p.region = c.region and p.id = c.owner_id
where c.region = :region and c.unit_id = :unit_id and c.unit_id <> 0 and (:agency = '' or c.agency = :agency) and c.id < :id
order by c.id desc limit :limit;
