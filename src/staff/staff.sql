-- name: staff_by_login (region text, login text) -> one (id bigint, name text, roles text, agency text, section text, points text, password text, status text, failed bigint, locked_ms bigint, must_change bigint, version bigint)
select id, name, roles, agency, section, points, password, status, failed, locked_ms, must_change, version from staff where region = :region and login = :login;

-- name: staff_by_id (region text, id bigint) -> one (login text, name text, roles text, agency text, section text, points text, password text, status text, failed bigint, locked_ms bigint, must_change bigint, version bigint)
select login, name, roles, agency, section, points, password, status, failed, locked_ms, must_change, version from staff where region = :region and id = :id;

-- name: staff_of_region (region text, limit bigint) -> many (id bigint, login text, name text, roles text, agency text, section text, points text, status text)
select id, login, name, roles, agency, section, points, status from staff where region = :region order by login limit :limit;

-- name: staff_insert (region text, id bigint, login text, name text, roles text, agency text, section text, points text, password text, created_ms bigint) -> none
insert into staff (region, id, login, name, roles, agency, section, points, password, status, failed, locked_ms, must_change, created_ms, version)
values (:region, :id, :login, :name, :roles, :agency, :section, :points, :password, 'active', 0, 0, 1, :created_ms, 1)
on conflict (region, login) do nothing;

-- name: staff_attempt (region text, id bigint, now_ms bigint, until_ms bigint, max bigint) -> none
-- One statement counts and locks, so that two attempts cannot both be the last free one. A lock that has run out starts a new count.
update staff set failed = case when locked_ms > 0 then 1 else failed + 1 end,
  locked_ms = case when locked_ms = 0 and failed + 1 >= :max then :until_ms else 0 end
where region = :region and id = :id and locked_ms <= :now_ms;

-- name: staff_attempt_right (region text, id bigint) -> none
update staff set failed = 0, locked_ms = 0 where region = :region and id = :id;

-- name: staff_password_set (region text, id bigint, old_version bigint, password text) -> none
update staff set password = :password, must_change = 0, failed = 0, locked_ms = 0, version = version + 1 where region = :region and id = :id and version = :old_version;

-- name: staff_update (region text, id bigint, old_version bigint, roles text, agency text, section text, points text, status text) -> none
update staff set roles = :roles, agency = :agency, section = :section, points = :points, status = :status, version = version + 1
where region = :region and id = :id and version = :old_version;

-- name: staff_event_insert (region text, id bigint, staff_id bigint, by_id bigint, at_ms bigint, what text, was text, became text) -> none
insert into staff_event (region, id, staff_id, by_id, at_ms, what, was, became)
values (:region, :id, :staff_id, :by_id, :at_ms, :what, :was, :became);

-- name: staff_event_of (region text, staff_id bigint, limit bigint) -> many (id bigint, by_id bigint, at_ms bigint, what text, was text, became text)
select id, by_id, at_ms, what, was, became from staff_event where region = :region and staff_id = :staff_id order by id desc limit :limit;

-- name: session_insert (region text, token_digest bytea, staff_id bigint, csrf text, now_ms bigint, expires_ms bigint) -> none
insert into session (region, token_digest, staff_id, csrf, created_ms, seen_ms, expires_ms)
values (:region, :token_digest, :staff_id, :csrf, :now_ms, :now_ms, :expires_ms);

-- name: session_get (region text, token_digest bytea) -> one (staff_id bigint, csrf text, seen_ms bigint, expires_ms bigint, login text, name text, roles text, agency text, section text, points text, status text, must_change bigint)
select s.staff_id, s.csrf, s.seen_ms, s.expires_ms, p.login, p.name, p.roles, p.agency, p.section, p.points, p.status, p.must_change
from session s join staff p on p.region = s.region and p.id = s.staff_id
where s.region = :region and s.token_digest = :token_digest;

-- name: session_touch (region text, token_digest bytea, now_ms bigint) -> none
update session set seen_ms = :now_ms where region = :region and token_digest = :token_digest and seen_ms < :now_ms;

-- name: session_end (region text, token_digest bytea) -> none
delete from session where region = :region and token_digest = :token_digest;

-- name: session_end_all (region text, staff_id bigint) -> none
delete from session where region = :region and staff_id = :staff_id;

-- name: session_purge (region text, now_ms bigint, idle_ms bigint) -> none
-- At most twelve hours of sessions lie in a region, so the idle ones among them may be looked for.
delete from session where region = :region and (expires_ms <= :now_ms or seen_ms <= :idle_ms);
