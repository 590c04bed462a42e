-- name: alert_due (region text, today bigint, until bigint, limit bigint) -> many (id bigint, no text, matter text, key_id bigint, owner_id bigint, agency text, stage text, day bigint)
-- Open cases whose promised day is near or past and about which nobody has been told. One index walk over what is near or late.
select c.id, c.no, c.matter, c.key_id, c.owner_id, c.agency, c.stage, c.due_day as day from case_file c
where c.region = :region and c.open = 1 and c.due_day <= :until and not exists (
  select 1 from case_alert a where a.region = c.region and a.case_id = c.id
    and a.kind = case when c.due_day < :today then 'overdue' else 'near' end and a.deadline_day = c.due_day)
order by c.due_day, c.id limit :limit;

-- name: alert_legal (region text, today bigint, limit bigint) -> many (id bigint, no text, matter text, key_id bigint, owner_id bigint, agency text, stage text, day bigint)
-- Past the legal day: a violation, not only a broken promise (R14).
select c.id, c.no, c.matter, c.key_id, c.owner_id, c.agency, c.stage, c.legal_day as day from case_file c
where c.region = :region and c.open = 1 and c.due_day < :today and c.legal_day < :today and not exists (
  select 1 from case_alert a where a.region = c.region and a.case_id = c.id and a.kind = 'legal' and a.deadline_day = c.legal_day)
order by c.due_day, c.id limit :limit;

-- name: alert_stage (region text, today bigint, until bigint, limit bigint) -> many (id bigint, no text, matter text, key_id bigint, owner_id bigint, agency text, stage text, day bigint)
select c.id, c.no, c.matter, c.key_id, c.owner_id, c.agency, c.stage, c.stage_due_day as day from case_file c
where c.region = :region and c.open = 1 and c.stage_due_day < 2147483647 and c.stage_due_day <= :until and not exists (
  select 1 from case_alert a where a.region = c.region and a.case_id = c.id
    and a.kind = case when c.stage_due_day < :today then 'stage_overdue' else 'stage_near' end and a.deadline_day = c.stage_due_day)
order by c.stage_due_day, c.id limit :limit;

-- name: alert_insert (region text, case_id bigint, kind text, deadline_day bigint, id bigint, staff_id bigint, created_ms bigint) -> none
insert into case_alert (region, case_id, kind, deadline_day, id, staff_id, created_ms, seen_ms)
values (:region, :case_id, :kind, :deadline_day, :id, :staff_id, :created_ms, 0)
on conflict (region, case_id, kind, deadline_day) do nothing;

-- name: alert_of_case (region text, case_id bigint) -> many (kind text, deadline_day bigint, staff_id bigint, created_ms bigint)
select kind, deadline_day, staff_id, created_ms from case_alert where region = :region and case_id = :case_id order by kind, deadline_day limit 100;

-- name: alert_untold (region text, agency text, limit bigint) -> many (no text, matter text, kind text, deadline_day bigint, created_ms bigint)
-- Nobody was there to be told: what stays of it for whoever supervises afterwards. Walks the index of what is unseen, of nobody.
select c.no, c.matter, a.kind, a.deadline_day, a.created_ms from case_alert a join case_file c on c.region = a.region and c.id = a.case_id
where a.region = :region and a.staff_id = 0 and a.seen_ms = 0 and c.open = 1 and (:agency = '' or c.agency = :agency) order by a.id desc limit :limit;

-- name: alert_check_page (region text, case_id bigint, kind text, deadline_day bigint, limit bigint) -> many (case_id bigint, kind text, deadline_day bigint, staff_id bigint, created_ms bigint, has_case bigint, has_staff bigint, has_message bigint, forgotten bigint)
-- Every alert with what belongs to it elsewhere. FORGOTTEN: nobody was told of a subject whose key is gone.
select a.case_id, a.kind, a.deadline_day, a.staff_id, a.created_ms,
  (select count(*) from case_file c where c.region = a.region and c.id = a.case_id) as has_case,
  (select count(*) from staff s where s.region = a.region and s.id = a.staff_id) as has_staff,
  (select count(*) from message m where m.region = a.region and m.case_id = a.case_id and m.mark = a.deadline_day and m.channel = 'staff'
    and m.target = cast(a.staff_id as text) and (m.kind = case a.kind when 'near' then 'staff_due' when 'overdue' then 'staff_escalated'
      when 'legal' then 'staff_legal' when 'stage_near' then 'staff_stage_due' else 'staff_stage_overdue' end
      or (a.kind = 'overdue' and m.kind = 'staff_overdue'))) as has_message,
  (select count(*) from case_file c join data_key k on k.region = c.region and k.id = c.key_id
    where c.region = a.region and c.id = a.case_id and k.wrapped is null) as forgotten
from case_alert a where a.region = :region and (a.case_id, a.kind, a.deadline_day) > (:case_id, :kind, :deadline_day)
order by a.case_id, a.kind, a.deadline_day limit :limit;
