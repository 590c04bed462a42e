-- name: setting_get (region text, name text) -> one (value text)
select value from setting where region = :region and name = :name;

-- name: setting_put (region text, name text, value text) -> none
insert into setting (region, name, value) values (:region, :name, :value)
on conflict (region, name) do update set value = excluded.value;

-- name: reproject_page (region text, due_day bigint, id bigint, limit bigint) -> many (id bigint, due_day bigint)
-- Open cases that have a due day, in the order of their index.
select id, due_day from case_file where region = :region and open = 1 and due_day < 2147483647 and (due_day, id) > (:due_day, :id)
order by due_day, id limit :limit;
