-- name: person_by_identity (region text, id_digest bytea) -> one (id bigint, key_id bigint, masked text, body bytea, version bigint)
select id, key_id, masked, body, version from person where region = :region and id_digest = :id_digest;

-- name: person_by_id (region text, id bigint) -> one (id bigint, key_id bigint, masked text, body bytea, version bigint)
select id, key_id, masked, body, version from person where region = :region and id = :id;

-- name: person_insert (region text, id bigint, key_id bigint, id_digest bytea, name_digest bytea, masked text, body bytea, demo bigint, created_ms bigint) -> none
insert into person (region, id, key_id, id_digest, name_digest, masked, body, demo, created_ms, version)
values (:region, :id, :key_id, :id_digest, :name_digest, :masked, :body, :demo, :created_ms, 1)
on conflict (region, id_digest) do nothing;

-- name: person_update (region text, id bigint, old_version bigint, id_digest bytea, name_digest bytea, masked text, body bytea) -> none
update person set id_digest = :id_digest, name_digest = :name_digest, masked = :masked, body = :body, version = version + 1
where region = :region and id = :id and version = :old_version;

-- name: person_count (region text) -> one (n bigint) scan
select count(*) as n from person where region = :region;

-- name: unit_by_uscc (region text, uscc text) -> one (id bigint, key_id bigint, no text, uscc text, name text, kind text, body bytea, status text, version bigint)
select id, key_id, no, uscc, name, kind, body, status, version from unit where region = :region and uscc = :uscc;

-- name: unit_by_no (region text, no text) -> one (id bigint, key_id bigint, no text, uscc text, name text, kind text, body bytea, status text, version bigint)
select id, key_id, no, uscc, name, kind, body, status, version from unit where region = :region and no = :no;

-- name: unit_by_id (region text, id bigint) -> one (id bigint, key_id bigint, no text, uscc text, name text, kind text, body bytea, status text, version bigint)
select id, key_id, no, uscc, name, kind, body, status, version from unit where region = :region and id = :id;

-- name: unit_insert (region text, id bigint, key_id bigint, no text, uscc text, name text, kind text, body bytea, demo bigint, created_ms bigint) -> none
insert into unit (region, id, key_id, no, uscc, name, kind, body, status, demo, created_ms, version)
values (:region, :id, :key_id, :no, :uscc, :name, :kind, :body, 'active', :demo, :created_ms, 1)
on conflict (region, uscc) do nothing;

-- name: unit_update (region text, id bigint, old_version bigint, uscc text, name text, kind text, body bytea) -> none
update unit set uscc = :uscc, name = :name, kind = :kind, body = :body, version = version + 1
where region = :region and id = :id and version = :old_version;

-- name: enrolment_insert (region text, id bigint, person_id bigint, insurance text, identity text, unit_id bigint, from_day bigint, case_id bigint) -> none
-- The partial unique index is R63: no second active insurance, whoever presses first.
insert into enrolment (region, id, person_id, insurance, identity, unit_id, status, from_day, to_day, case_id)
values (:region, :id, :person_id, :insurance, :identity, :unit_id, 'active', :from_day, 0, :case_id)
on conflict (region, person_id) where status = 'active' do nothing;

-- name: enrolment_of_person (region text, person_id bigint) -> many (id bigint, insurance text, identity text, unit_id bigint, status text, from_day bigint, to_day bigint)
select id, insurance, identity, unit_id, status, from_day, to_day from enrolment where region = :region and person_id = :person_id order by id limit 100;

-- name: enrolment_count_of_unit (region text, unit_id bigint) -> one (n bigint)
select count(*) as n from enrolment where region = :region and unit_id = :unit_id and status = 'active';

-- name: ledger_insert (region text, id bigint, person_id bigint, account text, kind text, amount_fen bigint, day bigint, months bigint, case_id bigint) -> none
insert into ledger_entry (region, id, person_id, account, kind, amount_fen, day, months, case_id)
values (:region, :id, :person_id, :account, :kind, :amount_fen, :day, :months, :case_id);

-- name: ledger_balance (region text, person_id bigint, account text) -> one (fen bigint, months bigint)
select cast(coalesce(sum(amount_fen), 0) as bigint) as fen, cast(coalesce(sum(months), 0) as bigint) as months
from ledger_entry where region = :region and person_id = :person_id and account = :account;

-- name: offsite_insert (region text, id bigint, person_id bigint, category text, place text, proof_mode text, from_day bigint, case_id bigint) -> none
insert into offsite_filing (region, id, person_id, category, place, proof_mode, status, from_day, to_day, case_id)
values (:region, :id, :person_id, :category, :place, :proof_mode, 'active', :from_day, 0, :case_id)
on conflict (region, person_id) where status = 'active' do nothing;

-- name: offsite_of_person (region text, person_id bigint) -> many (id bigint, category text, place text, proof_mode text, status text, from_day bigint, to_day bigint)
select id, category, place, proof_mode, status, from_day, to_day from offsite_filing where region = :region and person_id = :person_id order by id desc limit 20;

-- name: offsite_status (region text, id bigint, old_status text, status text, to_day bigint) -> none
update offsite_filing set status = :status, to_day = :to_day where region = :region and id = :id and status = :old_status;

-- name: register_event_insert (region text, id bigint, subject_kind text, subject_id bigint, case_id bigint, kind text, at_ms bigint, key_id bigint, payload bytea) -> none
insert into register_event (region, id, subject_kind, subject_id, case_id, kind, at_ms, key_id, payload)
values (:region, :id, :subject_kind, :subject_id, :case_id, :kind, :at_ms, :key_id, :payload);

-- name: register_event_of_case (region text, case_id bigint) -> many (id bigint, subject_kind text, subject_id bigint, kind text, at_ms bigint)
select id, subject_kind, subject_id, kind, at_ms from register_event where region = :region and case_id = :case_id order by id limit 100;

-- name: unit_status (region text, id bigint, old_status text, status text) -> none
update unit set status = :status, version = version + 1 where region = :region and id = :id and status = :old_status;

-- name: unit_insurance_put (region text, unit_id bigint, insurance text, status text, from_day bigint, case_id bigint) -> none
insert into unit_insurance as u (region, unit_id, insurance, status, from_day, to_day, case_id)
values (:region, :unit_id, :insurance, :status, :from_day, 0, :case_id)
on conflict (region, unit_id, insurance) do update set status = excluded.status, from_day = excluded.from_day, to_day = 0, case_id = excluded.case_id;

-- name: unit_insurance_close (region text, unit_id bigint, old_status text, status text, to_day bigint) -> none
-- What was paused keeps the day on which it was paused.
update unit_insurance set status = :status, to_day = case when to_day = 0 then :to_day else to_day end
where region = :region and unit_id = :unit_id and status = :old_status;

-- name: unit_insurances (region text, unit_id bigint) -> many (insurance text, status text, from_day bigint, to_day bigint)
select insurance, status, from_day, to_day from unit_insurance where region = :region and unit_id = :unit_id order by insurance limit 20;

-- name: enrolment_close (region text, id bigint, old_status text, status text, to_day bigint) -> none
-- What was paused keeps the day on which it was paused.
update enrolment set status = :status, to_day = case when to_day = 0 then :to_day else to_day end
where region = :region and id = :id and status = :old_status;

-- name: enrolment_active_of_unit (region text, unit_id bigint, after bigint, n bigint) -> many (id bigint, person_id bigint, insurance text, identity text, from_day bigint)
select id, person_id, insurance, identity, from_day from enrolment
where region = :region and unit_id = :unit_id and status = 'active' and id > :after order by id limit :n;

-- name: enrolment_suspended_of_unit (region text, unit_id bigint, after bigint, n bigint) -> many (id bigint, person_id bigint, insurance text, identity text, from_day bigint, to_day bigint)
select id, person_id, insurance, identity, from_day, to_day from enrolment
where region = :region and unit_id = :unit_id and status = 'suspended' and id > :after order by id limit :n;

-- name: register_event_of_subject (region text, subject_kind text, subject_id bigint, after bigint, n bigint) -> many (id bigint, case_id bigint, kind text, at_ms bigint, key_id bigint, payload bytea)
select id, case_id, kind, at_ms, key_id, payload from register_event
where region = :region and subject_kind = :subject_kind and subject_id = :subject_id and id > :after order by id limit :n;

-- name: enrolment_rehome (region text, id bigint, unit_id bigint) -> none
update enrolment set unit_id = :unit_id where region = :region and id = :id and status = 'suspended';
