-- name: draft_insert (region text, id bigint, token_digest bytea, matter text, body bytea, created_ms bigint, expires_ms bigint) -> none
insert into draft (region, id, token_digest, matter, body, created_ms, updated_ms, expires_ms, case_no, version)
values (:region, :id, :token_digest, :matter, :body, :created_ms, :created_ms, :expires_ms, '', 1);

-- name: draft_get (region text, token_digest bytea) -> one (id bigint, matter text, body bytea, expires_ms bigint, case_no text, version bigint)
select id, matter, body, expires_ms, case_no, version from draft where region = :region and token_digest = :token_digest;

-- name: draft_save (region text, id bigint, version bigint, body bytea, updated_ms bigint) -> none
update draft set body = :body, updated_ms = :updated_ms, version = version + 1 where region = :region and id = :id and version = :version and case_no = '';

-- name: draft_touch (region text, id bigint) -> none
update draft set version = version + 1 where region = :region and id = :id and case_no = '';

-- name: draft_case (region text, id bigint) -> one (case_no text)
select case_no from draft where region = :region and id = :id;

-- name: draft_done (region text, id bigint, version bigint, case_no text) -> none
update draft set case_no = :case_no where region = :region and id = :id and version = :version and case_no = '';

-- name: draft_expired (region text, expires_ms bigint, limit bigint) -> many (id bigint)
select id from draft where region = :region and expires_ms < :expires_ms order by expires_ms, id limit :limit;

-- name: draft_delete (region text, id bigint) -> none
delete from draft where region = :region and id = :id;

-- name: upload_insert (region text, id bigint, draft_id bigint, case_id bigint, material text, digest text, size bigint, mime text, name bytea, created_ms bigint) -> none
insert into upload (region, id, draft_id, case_id, material, digest, size, mime, name, created_ms, removed)
values (:region, :id, :draft_id, :case_id, :material, :digest, :size, :mime, :name, :created_ms, 0);

-- name: upload_of_draft (region text, draft_id bigint) -> many (id bigint, material text, digest text, size bigint, mime text, name bytea)
select id, material, digest, size, mime, name from upload where region = :region and draft_id = :draft_id and removed = 0 order by id limit 500;

-- name: upload_of_case (region text, case_id bigint) -> many (id bigint, material text, digest text, size bigint, mime text, name bytea)
select id, material, digest, size, mime, name from upload where region = :region and case_id = :case_id and removed = 0 order by id limit 500;

-- name: upload_remove (region text, id bigint, draft_id bigint) -> none
update upload set removed = 1 where region = :region and id = :id and draft_id = :draft_id and case_id = 0;

-- name: upload_draft_gone (region text, draft_id bigint) -> none
update upload set removed = 1 where region = :region and draft_id = :draft_id and case_id = 0 and removed = 0;

-- name: upload_draft_sum (region text, draft_id bigint) -> one (files bigint, bytes bigint)
select count(*) as files, cast(coalesce(sum(size), 0) as bigint) as bytes from upload where region = :region and draft_id = :draft_id and removed = 0;

-- name: upload_case_sum (region text, case_id bigint) -> one (files bigint, bytes bigint)
select count(*) as files, cast(coalesce(sum(size), 0) as bigint) as bytes from upload where region = :region and case_id = :case_id and removed = 0;

-- name: upload_to_case (region text, draft_id bigint, case_id bigint) -> none
update upload set case_id = :case_id where region = :region and draft_id = :draft_id and removed = 0;

-- name: upload_by_digest (region text, digest text) -> one (id bigint)
select id from upload where region = :region and digest = :digest and removed = 0 order by id limit 1;

-- name: look_insert (region text, id bigint, staff_id bigint, kind text, subject_kind text, subject_id bigint, case_id bigint, reason text, at_ms bigint) -> none
insert into look (region, id, staff_id, kind, subject_kind, subject_id, case_id, reason, at_ms)
values (:region, :id, :staff_id, :kind, :subject_kind, :subject_id, :case_id, :reason, :at_ms);

-- name: case_open_by_matter (region text) -> many (matter text, version text, n bigint) scan
-- For the keeper: what is under way when a guide changes.
select matter, version, count(*) as n from case_file where region = :region and open = 1 group by matter, version order by matter, version;
