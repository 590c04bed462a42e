-- name: rating_insert (region text, id bigint, case_id bigint, step text, level bigint, channel text, tags text, key_id bigint, body bytea, bad bigint, created_ms bigint) -> none
insert into rating (region, id, case_id, step, level, channel, tags, key_id, body, bad, created_ms)
values (:region, :id, :case_id, :step, :level, :channel, :tags, :key_id, :body, :bad, :created_ms)
on conflict (region, case_id, step) do nothing;

-- name: rating_of_case (region text, case_id bigint) -> many (id bigint, step text, level bigint, channel text, tags text, bad bigint, created_ms bigint)
select id, step, level, channel, tags, bad, created_ms from rating where region = :region and case_id = :case_id order by id limit 20;

-- name: rating_of_step (region text, case_id bigint, step text) -> one (id bigint, level bigint)
select id, level from rating where region = :region and case_id = :case_id and step = :step;

-- name: rating_about_insert (region text, id bigint, source text, case_id bigint, month bigint, matter text, agency text, point text, window_name text, staff_id bigint, handlers text, channel text, level bigint, bad bigint, ref text, contact bytea, created_ms bigint) -> none
insert into rating_about (region, id, source, case_id, month, matter, agency, point, window_name, staff_id, handlers, channel, level, bad, excluded, ref, contact, created_ms)
values (:region, :id, :source, :case_id, :month, :matter, :agency, :point, :window_name, :staff_id, :handlers, :channel, :level, :bad, 0, :ref, :contact, :created_ms);

-- name: rating_by_ref (region text, ref text) -> one (id bigint, case_id bigint, level bigint)
select id, case_id, level from rating_about where region = :region and ref = :ref and ref <> '';

-- name: rating_get (region text, id bigint) -> one (step text, tags text, key_id bigint, body bytea, source text, case_id bigint, month bigint, matter text, agency text, point text, window_name text, staff_id bigint, handlers text, channel text, level bigint, bad bigint, excluded bigint, ref text, contact bytea, created_ms bigint)
select r.step, r.tags, r.key_id, r.body, a.source, a.case_id, a.month, a.matter, a.agency, a.point, a.window_name, a.staff_id, a.handlers, a.channel, a.level, a.bad, a.excluded, a.ref, a.contact, a.created_ms
from rating_about a join rating r on r.region = a.region and r.id = a.id
where a.region = :region and a.id = :id;

-- name: rating_after (region text, id bigint, before_ms bigint, limit bigint) -> many (id bigint, step text, tags text, source text, case_id bigint, matter text, agency text, point text, window_name text, staff_id bigint, channel text, level bigint, bad bigint, excluded bigint, ref text, created_ms bigint)
-- For other systems, in the order of ids; those of the last seconds wait, since a smaller id may still be on its way.
select a.id, r.step, r.tags, a.source, a.case_id, a.matter, a.agency, a.point, a.window_name, a.staff_id, a.channel, a.level, a.bad, a.excluded, a.ref, a.created_ms
from rating_about a join rating r on r.region = a.region and r.id = a.id
where a.region = :region and a.id > :id and a.created_ms <= :before_ms order by a.id limit :limit;

-- name: rating_of_clerk (region text, staff_id bigint, id bigint, limit bigint) -> many (id bigint, month bigint, level bigint, tags text, excluded bigint)
-- A clerk's own bad ones, newest first, to appeal against: nothing of who gave them.
select a.id, a.month, a.level, r.tags, a.excluded from rating_about a join rating r on r.region = a.region and r.id = a.id
where a.region = :region and a.staff_id = :staff_id and a.bad = 1 and a.id < :id order by a.id desc limit :limit;

-- name: rating_exclude (region text, id bigint) -> none
update rating_about set excluded = 1 where region = :region and id = :id and excluded = 0;

-- name: rating_stat_matter (region text, from_month bigint, to_month bigint, limit bigint) -> many (month bigint, matter text, level bigint, n bigint)
select month, matter, level, count(*) as n from rating_about where region = :region and excluded = 0 and month >= :from_month and month <= :to_month
group by month, matter, level order by month, matter, level limit :limit;

-- name: rating_stat_point (region text, from_month bigint, to_month bigint, limit bigint) -> many (month bigint, point text, window_name text, level bigint, n bigint)
select month, point, window_name, level, count(*) as n from rating_about where region = :region and excluded = 0 and month >= :from_month and month <= :to_month
group by month, point, window_name, level order by month, point, window_name, level limit :limit;

-- name: rating_stat_staff (region text, from_month bigint, to_month bigint, limit bigint) -> many (month bigint, staff_id bigint, level bigint, n bigint)
select month, staff_id, level, count(*) as n from rating_about where region = :region and excluded = 0 and month >= :from_month and month <= :to_month
group by month, staff_id, level order by month, staff_id, level limit :limit;

-- name: rating_stat_one (region text, staff_id bigint, from_month bigint, to_month bigint) -> many (month bigint, level bigint, n bigint)
select month, level, count(*) as n from rating_about where region = :region and excluded = 0 and staff_id = :staff_id and month >= :from_month and month <= :to_month
group by month, level order by month, level limit 1000;

-- name: rating_stat_channel (region text, from_month bigint, to_month bigint, limit bigint) -> many (month bigint, channel text, level bigint, n bigint)
select month, channel, level, count(*) as n from rating_about where region = :region and excluded = 0 and month >= :from_month and month <= :to_month
group by month, channel, level order by month, channel, level limit :limit;

-- name: rating_stat_excluded (region text, from_month bigint, to_month bigint, limit bigint) -> many (month bigint, level bigint, n bigint)
select month, level, count(*) as n from rating_about where region = :region and excluded = 1 and month >= :from_month and month <= :to_month
group by month, level order by month, level limit :limit;

-- name: rating_stat_days (region text, from_id bigint, to_id bigint) -> one (excluded bigint, level_1 bigint, level_2 bigint, level_3 bigint, level_4 bigint, level_5 bigint)
-- Of days, not of months: ids tell the time.
select cast(coalesce(sum(excluded), 0) as bigint) as excluded,
  cast(coalesce(sum(case when excluded = 0 and level = 1 then 1 else 0 end), 0) as bigint) as level_1,
  cast(coalesce(sum(case when excluded = 0 and level = 2 then 1 else 0 end), 0) as bigint) as level_2,
  cast(coalesce(sum(case when excluded = 0 and level = 3 then 1 else 0 end), 0) as bigint) as level_3,
  cast(coalesce(sum(case when excluded = 0 and level = 4 then 1 else 0 end), 0) as bigint) as level_4,
  cast(coalesce(sum(case when excluded = 0 and level = 5 then 1 else 0 end), 0) as bigint) as level_5
from rating_about where region = :region and id >= :from_id and id < :to_id;

-- name: rating_check_page (region text, id bigint, limit bigint) -> many (id bigint, case_id bigint, step text, level bigint, bad bigint, about_level bigint, about_bad bigint, excluded bigint, month bigint, created_ms bigint, call_back text, upheld bigint, case_rating bigint)
-- Every rating with what is said of it elsewhere: -1 or '' where there is nothing.
select r.id, r.case_id, r.step, r.level, r.bad, coalesce(a.level, -1) as about_level, coalesce(a.bad, -1) as about_bad, coalesce(a.excluded, -1) as excluded, coalesce(a.month, -1) as month,
  r.created_ms, coalesce(b.state, '') as call_back,
  (select count(*) from rating_appeal p where p.region = r.region and p.rating_id = r.id and p.state = 'upheld') as upheld, coalesce(c.rating, -1) as case_rating
from rating r left join rating_about a on a.region = r.region and a.id = r.id left join call_back b on b.region = r.region and b.rating_id = r.id
  left join case_file c on c.region = r.region and c.id = r.case_id
where r.region = :region and r.id > :id order by r.id limit :limit;

-- name: offer_insert (region text, case_id bigint, month bigint, matter text, point text, staff_id bigint, closed_ms bigint, remind_day bigint) -> none
insert into rating_offer (region, case_id, month, matter, point, staff_id, closed_ms, remind_day, reminded_ms, rated)
values (:region, :case_id, :month, :matter, :point, :staff_id, :closed_ms, :remind_day, 0, 0) on conflict (region, case_id) do nothing;

-- name: offer_rated (region text, case_id bigint) -> none
update rating_offer set rated = 1 where region = :region and case_id = :case_id and rated = 0;

-- name: offer_due (region text, day bigint, limit bigint) -> many (case_id bigint, remind_day bigint)
select case_id, remind_day from rating_offer where region = :region and remind_day <= :day and reminded_ms = 0 and rated = 0 order by remind_day, case_id limit :limit;

-- name: offer_reminded (region text, case_id bigint, reminded_ms bigint) -> none
-- Whoever changes the row sends the message: once, whatever else runs.
update rating_offer set reminded_ms = :reminded_ms where region = :region and case_id = :case_id and reminded_ms = 0 and rated = 0;

-- name: offer_stat_matter (region text, from_month bigint, to_month bigint, limit bigint) -> many (month bigint, matter text, rated bigint, n bigint)
select month, matter, rated, count(*) as n from rating_offer where region = :region and month >= :from_month and month <= :to_month
group by month, matter, rated order by month, matter, rated limit :limit;

-- name: offer_stat_point (region text, from_month bigint, to_month bigint, limit bigint) -> many (month bigint, point text, rated bigint, n bigint)
select month, point, rated, count(*) as n from rating_offer where region = :region and month >= :from_month and month <= :to_month
group by month, point, rated order by month, point, rated limit :limit;

-- name: offer_stat_staff (region text, from_month bigint, to_month bigint, limit bigint) -> many (month bigint, staff_id bigint, rated bigint, n bigint)
select month, staff_id, rated, count(*) as n from rating_offer where region = :region and month >= :from_month and month <= :to_month
group by month, staff_id, rated order by month, staff_id, rated limit :limit;

-- name: visit_take (region text, day bigint, digest bytea) -> one (n bigint)
insert into rating_visit (region, day, digest, n) values (:region, :day, :digest, 1)
on conflict (region, day, digest) do update set n = rating_visit.n + 1
returning n;

-- name: visit_purge (region text, day bigint) -> none
delete from rating_visit where region = :region and day < :day;

-- name: call_back_insert (region text, rating_id bigint, agency text, assignee_id bigint, due_day bigint, key_id bigint, empty bytea) -> none
insert into call_back (region, rating_id, agency, assignee_id, state, due_day, next_day, rectify_day, clear, truthful, reasonable, called_ms, called_by, ended, closed_ms, closed_by, key_id, note, rectification, reply, version)
values (:region, :rating_id, :agency, :assignee_id, 'open', :due_day, :due_day, 0, -1, -1, -1, 0, 0, '', 0, 0, :key_id, :empty, :empty, :empty, 1);

-- name: call_back_get (region text, rating_id bigint) -> one (agency text, assignee_id bigint, state text, due_day bigint, next_day bigint, rectify_day bigint, clear bigint, truthful bigint, reasonable bigint, called_ms bigint, called_by bigint, ended text, closed_ms bigint, closed_by bigint, key_id bigint, note bytea, rectification bytea, reply bytea, version bigint)
select agency, assignee_id, state, due_day, next_day, rectify_day, clear, truthful, reasonable, called_ms, called_by, ended, closed_ms, closed_by, key_id, note, rectification, reply, version
from call_back where region = :region and rating_id = :rating_id;

-- name: call_back_update (region text, rating_id bigint, old_version bigint, assignee_id bigint, state text, next_day bigint, rectify_day bigint, clear bigint, truthful bigint, reasonable bigint, called_ms bigint, called_by bigint, ended text, closed_ms bigint, closed_by bigint, note bytea, rectification bytea, reply bytea) -> none
update call_back set assignee_id = :assignee_id, state = :state, next_day = :next_day, rectify_day = :rectify_day, clear = :clear, truthful = :truthful, reasonable = :reasonable,
  called_ms = :called_ms, called_by = :called_by, ended = :ended, closed_ms = :closed_ms, closed_by = :closed_by, note = :note, rectification = :rectification, reply = :reply, version = version + 1
where region = :region and rating_id = :rating_id and version = :old_version;

-- name: call_back_open (region text, next_day bigint, rating_id bigint, limit bigint) -> many (next_day bigint, rating_id bigint)
select next_day, rating_id from call_back where region = :region and state <> 'closed' and (next_day, rating_id) > (:next_day, :rating_id) order by next_day, rating_id limit :limit;

-- name: call_back_mine (region text, assignee_id bigint, next_day bigint, rating_id bigint, limit bigint) -> many (next_day bigint, rating_id bigint)
select next_day, rating_id from call_back where region = :region and assignee_id = :assignee_id and state <> 'closed' and (next_day, rating_id) > (:next_day, :rating_id)
order by next_day, rating_id limit :limit;

-- name: call_back_closed (region text, closed_ms bigint, rating_id bigint, limit bigint) -> many (closed_ms bigint, rating_id bigint)
select closed_ms, rating_id from call_back where region = :region and state = 'closed' and (closed_ms, rating_id) < (:closed_ms, :rating_id) order by closed_ms desc, rating_id desc limit :limit;

-- name: call_back_counts (region text, today bigint) -> one (open bigint, overdue bigint, unassigned bigint, rectifying bigint)
select count(*) as open, cast(coalesce(sum(case when next_day < :today then 1 else 0 end), 0) as bigint) as overdue,
  cast(coalesce(sum(case when assignee_id = 0 then 1 else 0 end), 0) as bigint) as unassigned,
  cast(coalesce(sum(case when state = 'rectifying' then 1 else 0 end), 0) as bigint) as rectifying from call_back where region = :region and state <> 'closed';

-- name: call_back_ended (region text, from_ms bigint, to_ms bigint) -> one (closed bigint, rectified bigint)
select count(*) as closed, cast(coalesce(sum(case when ended = 'rectified' then 1 else 0 end), 0) as bigint) as rectified
from call_back where region = :region and state = 'closed' and closed_ms >= :from_ms and closed_ms < :to_ms;

-- name: appeal_insert (region text, id bigint, rating_id bigint, ground text, by_id bigint, key_id bigint, evidence bytea, file_ref bytea, empty bytea, created_ms bigint) -> none
insert into rating_appeal (region, id, rating_id, ground, by_id, key_id, evidence, file_ref, created_ms, state, decided_ms, decided_by, decision)
values (:region, :id, :rating_id, :ground, :by_id, :key_id, :evidence, :file_ref, :created_ms, 'open', 0, 0, :empty)
on conflict (region, rating_id) where state = 'open' do nothing;

-- name: appeal_of_rating (region text, rating_id bigint) -> many (id bigint, ground text, by_id bigint, key_id bigint, evidence bytea, file_ref bytea, created_ms bigint, state text, decided_ms bigint, decided_by bigint, decision bytea)
select id, ground, by_id, key_id, evidence, file_ref, created_ms, state, decided_ms, decided_by, decision
from rating_appeal where region = :region and rating_id = :rating_id order by id limit 20;

-- name: appeal_open (region text, id bigint, limit bigint) -> many (id bigint, rating_id bigint)
select id, rating_id from rating_appeal where region = :region and state = 'open' and id > :id order by id limit :limit;

-- name: appeal_decide (region text, id bigint, state text, decided_ms bigint, decided_by bigint, decision bytea) -> none
update rating_appeal set state = :state, decided_ms = :decided_ms, decided_by = :decided_by, decision = :decision where region = :region and id = :id and state = 'open';

-- name: task_insert (region text, id bigint, case_id bigint, kind text, due_day bigint, note text) -> none
insert into task (region, id, case_id, kind, due_day, done_ms, done_by, note) values (:region, :id, :case_id, :kind, :due_day, 0, 0, :note)
on conflict (region, case_id, kind) do nothing;

-- name: task_open (region text, due_day bigint, id bigint, limit bigint) -> many (id bigint, case_id bigint, kind text, due_day bigint, note text)
select id, case_id, kind, due_day, note from task where region = :region and done_ms = 0 and (due_day, id) > (:due_day, :id) order by due_day, id limit :limit;

-- name: task_done (region text, id bigint, done_ms bigint, done_by bigint, note text) -> none
update task set done_ms = :done_ms, done_by = :done_by, note = :note where region = :region and id = :id and done_ms = 0;
