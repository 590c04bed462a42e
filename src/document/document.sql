-- name: document_insert (region text, id bigint, case_id bigint, kind text, no text, code_digest bytea, key_id bigint, masked text, body bytea, issued_ms bigint, issuer_id bigint) -> none
insert into document (region, id, case_id, kind, no, code_digest, key_id, masked, body, issued_ms, issuer_id, revoked_ms)
values (:region, :id, :case_id, :kind, :no, :code_digest, :key_id, :masked, :body, :issued_ms, :issuer_id, 0);

-- name: document_by_no (region text, no text) -> one (id bigint, case_id bigint, kind text, code_digest bytea, key_id bigint, masked text, body bytea, issued_ms bigint, revoked_ms bigint)
select id, case_id, kind, code_digest, key_id, masked, body, issued_ms, revoked_ms from document where region = :region and no = :no;

-- name: document_by_id (region text, id bigint) -> one (case_id bigint, kind text, no text, key_id bigint, masked text, body bytea, issued_ms bigint, revoked_ms bigint)
select case_id, kind, no, key_id, masked, body, issued_ms, revoked_ms from document where region = :region and id = :id;

-- name: document_revoke (region text, id bigint, case_id bigint, revoked_ms bigint) -> none
update document set revoked_ms = :revoked_ms where region = :region and id = :id and case_id = :case_id and revoked_ms = 0;

-- name: document_of_case (region text, case_id bigint) -> many (id bigint, kind text, no text, issued_ms bigint, revoked_ms bigint)
select id, kind, no, issued_ms, revoked_ms from document where region = :region and case_id = :case_id order by id limit 100;
