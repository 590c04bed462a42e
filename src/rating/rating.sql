-- name: rating_insert (region text, id bigint, case_id bigint, step text, level bigint, channel text, tags text, key_id bigint, body bytea, bad bigint, created_ms bigint) -> none
insert into rating (region, id, case_id, step, level, channel, tags, key_id, body, bad, created_ms)
values (:region, :id, :case_id, :step, :level, :channel, :tags, :key_id, :body, :bad, :created_ms)
on conflict (region, case_id, step) do nothing;

-- name: rating_of_case (region text, case_id bigint) -> many (id bigint, step text, level bigint, channel text, tags text, bad bigint, created_ms bigint)
select id, step, level, channel, tags, bad, created_ms from rating where region = :region and case_id = :case_id order by id limit 20;

-- name: task_insert (region text, id bigint, case_id bigint, kind text, due_day bigint, note text) -> none
insert into task (region, id, case_id, kind, due_day, done_ms, done_by, note) values (:region, :id, :case_id, :kind, :due_day, 0, 0, :note)
on conflict (region, case_id, kind) do nothing;

-- name: task_open (region text, due_day bigint, id bigint, limit bigint) -> many (id bigint, case_id bigint, kind text, due_day bigint, note text)
select id, case_id, kind, due_day, note from task where region = :region and done_ms = 0 and (due_day, id) > (:due_day, :id) order by due_day, id limit :limit;

-- name: task_done (region text, id bigint, done_ms bigint, done_by bigint, note text) -> none
update task set done_ms = :done_ms, done_by = :done_by, note = :note where region = :region and id = :id and done_ms = 0;
