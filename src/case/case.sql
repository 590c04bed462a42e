-- name: case_insert (region text, id bigint, no text, matter text, version text, status text, stage text, section text, open bigint, subject text, person_id bigint, unit_id bigint, key_id bigint, masked text, channel text, level text, agency text, point text, delivery text, received_ms bigint, accepted_ms bigint, concluded_ms bigint, due_day bigint, legal_day bigint, tentative bigint, stage_due_day bigint, archived_ms bigint, explained bigint, owner_id bigint, handler_id bigint, access_digest bytea, rating bigint, seq bigint, head bytea, updated_ms bigint) -> none
insert into case_file (region, id, no, matter, version, status, stage, section, open, subject, person_id, unit_id, key_id, masked, channel, level, agency, point, delivery,
  received_ms, accepted_ms, concluded_ms, due_day, legal_day, tentative, stage_due_day, archived_ms, explained, owner_id, handler_id, access_digest, rating, seq, head, updated_ms)
values (:region, :id, :no, :matter, :version, :status, :stage, :section, :open, :subject, :person_id, :unit_id, :key_id, :masked, :channel, :level, :agency, :point, :delivery,
  :received_ms, :accepted_ms, :concluded_ms, :due_day, :legal_day, :tentative, :stage_due_day, :archived_ms, :explained, :owner_id, :handler_id, :access_digest, :rating, :seq, :head, :updated_ms);

-- name: case_update (region text, id bigint, old_seq bigint, status text, stage text, section text, open bigint, person_id bigint, unit_id bigint, accepted_ms bigint, concluded_ms bigint, due_day bigint, legal_day bigint, tentative bigint, stage_due_day bigint, archived_ms bigint, explained bigint, owner_id bigint, handler_id bigint, rating bigint, seq bigint, head bytea, updated_ms bigint) -> none
-- Optimistic: nothing changes when somebody was quicker.
update case_file set status = :status, stage = :stage, section = :section, open = :open, person_id = :person_id, unit_id = :unit_id, accepted_ms = :accepted_ms,
  concluded_ms = :concluded_ms, due_day = :due_day, legal_day = :legal_day, tentative = :tentative, stage_due_day = :stage_due_day,
  archived_ms = :archived_ms, explained = :explained, owner_id = :owner_id, handler_id = :handler_id,
  rating = :rating, seq = :seq, head = :head, updated_ms = :updated_ms
where region = :region and id = :id and seq = :old_seq;

-- name: case_by_no (region text, no text) -> one (id bigint, access_digest bytea)
select id, access_digest from case_file where region = :region and no = :no;

-- name: case_row (region text, id bigint) -> one (no text, matter text, version text, status text, stage text, section text, open bigint, subject text, person_id bigint, unit_id bigint, key_id bigint, masked text, channel text, level text, agency text, point text, delivery text, received_ms bigint, accepted_ms bigint, concluded_ms bigint, due_day bigint, legal_day bigint, tentative bigint, stage_due_day bigint, archived_ms bigint, explained bigint, owner_id bigint, handler_id bigint, access_digest bytea, rating bigint, seq bigint, head bytea, updated_ms bigint)
select no, matter, version, status, stage, section, open, subject, person_id, unit_id, key_id, masked, channel, level, agency, point, delivery, received_ms, accepted_ms, concluded_ms,
  due_day, legal_day, tentative, stage_due_day, archived_ms, explained, owner_id, handler_id, access_digest, rating, seq, head, updated_ms
from case_file where region = :region and id = :id;

-- name: case_page (region text, id bigint, limit bigint) -> many (id bigint, seq bigint, head bytea, key_id bigint)
-- Every case of a region in order of id: audit and rebuild.
select id, seq, head, key_id from case_file where region = :region and id > :id order by id limit :limit;

-- name: event_insert (region text, case_id bigint, seq bigint, id bigint, at_ms bigint, kind text, actor text, actor_id bigint, key_id bigint, payload bytea, commitment bytea, prev bytea, mac bytea) -> none
insert into case_event (region, case_id, seq, id, at_ms, kind, actor, actor_id, key_id, payload, commitment, prev, mac, seal_no)
values (:region, :case_id, :seq, :id, :at_ms, :kind, :actor, :actor_id, :key_id, :payload, :commitment, :prev, :mac, 0)
on conflict (region, case_id, seq) do nothing;

-- name: event_of_case (region text, case_id bigint) -> many (seq bigint, id bigint, at_ms bigint, kind text, actor text, actor_id bigint, key_id bigint, payload bytea, commitment bytea, prev bytea, mac bytea, seal_no bigint)
select seq, id, at_ms, kind, actor, actor_id, key_id, payload, commitment, prev, mac, seal_no from case_event
where region = :region and case_id = :case_id order by seq limit 10000;

-- name: event_unsealed (region text, limit bigint) -> many (case_id bigint, seq bigint, id bigint, mac bytea)
select case_id, seq, id, mac from case_event where region = :region and seal_no = 0 order by id limit :limit;

-- name: event_seal (region text, case_id bigint, seq bigint, seal_no bigint) -> none
update case_event set seal_no = :seal_no where region = :region and case_id = :case_id and seq = :seq and seal_no = 0;

-- name: event_of_seal (region text, seal_no bigint) -> many (mac bytea)
select mac from case_event where region = :region and seal_no = :seal_no order by id limit 100000;

-- name: event_count (region text) -> one (n bigint) scan
select count(*) as n from case_event where region = :region;

-- name: case_count (region text) -> one (n bigint) scan
select count(*) as n from case_file where region = :region;

-- name: seal_last (region text) -> one (no bigint, mac bytea)
select no, mac from seal where region = :region order by no desc limit 1;

-- name: seal_insert (region text, no bigint, count bigint, root bytea, prev bytea, mac bytea, at_ms bigint) -> none
insert into seal (region, no, count, root, prev, mac, at_ms) values (:region, :no, :count, :root, :prev, :mac, :at_ms)
on conflict (region, no) do nothing;

-- name: seal_page (region text, no bigint, limit bigint) -> many (no bigint, count bigint, root bytea, prev bytea, mac bytea, at_ms bigint)
select no, count, root, prev, mac, at_ms from seal where region = :region and no > :no order by no limit :limit;

-- name: material_put (region text, case_id bigint, material text, state text, note text) -> none
insert into case_material (region, case_id, material, state, note) values (:region, :case_id, :material, :state, :note)
on conflict (region, case_id, material) do update set state = excluded.state, note = excluded.note;

-- name: material_of_case (region text, case_id bigint) -> many (material text, state text, note text)
select material, state, note from case_material where region = :region and case_id = :case_id order by material limit 1000;
