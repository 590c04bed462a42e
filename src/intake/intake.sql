-- name: commitment_insert (region text, id bigint, no text, case_id bigint, case_no text, subject_kind text, subject_digest bytea, masked text, matter text, material text, proof text, key_id bigint, body bytea, made_ms bigint, acceptor_id bigint) -> none
-- One proof of one case is committed to once.
insert into commitment (region, id, no, case_id, case_no, subject_kind, subject_digest, masked, matter, material, proof, key_id, body, made_ms, acceptor_id, draw_state)
values (:region, :id, :no, :case_id, :case_no, :subject_kind, :subject_digest, :masked, :matter, :material, :proof, :key_id, :body, :made_ms, :acceptor_id, 'new')
on conflict (region, case_id, material) do nothing;

-- name: commitment_of_case (region text, case_id bigint) -> many (id bigint, material text, acceptor_id bigint)
select id, material, acceptor_id from commitment where region = :region and case_id = :case_id order by material limit 128;

-- name: commitment_set_acceptor (region text, case_id bigint, acceptor_id bigint) -> none
update commitment set acceptor_id = :acceptor_id where region = :region and case_id = :case_id and acceptor_id = 0;

-- name: commitment_get (region text, id bigint) -> one (no text, case_id bigint, case_no text, subject_kind text, subject_digest bytea, masked text, matter text, material text, proof text, key_id bigint, body bytea, made_ms bigint, acceptor_id bigint)
select no, case_id, case_no, subject_kind, subject_digest, masked, matter, material, proof, key_id, body, made_ms, acceptor_id
from commitment where region = :region and id = :id;

-- name: commitment_recent (region text, before bigint, limit bigint) -> many (id bigint, draw_state text)
select id, draw_state from commitment where region = :region and id < :before order by id desc limit :limit;

-- name: commitment_new (region text, limit bigint) -> many (id bigint, made_ms bigint)
-- Accepted ones of which nobody has decided yet whether they are drawn.
select id, made_ms from commitment where region = :region and draw_state = 'new' and acceptor_id <> 0 order by id limit :limit;

-- name: commitment_set_draw (region text, id bigint, draw_state text) -> none
update commitment set draw_state = :draw_state where region = :region and id = :id and draw_state = 'new';

-- name: check_insert (region text, id bigint, commitment_id bigint, drawn_ms bigint, due_day bigint, empty bytea) -> none
insert into commitment_check (region, id, commitment_id, drawn_ms, due_day, outcome, key_id, evidence, checker_id, checker_name, checked_ms)
values (:region, :id, :commitment_id, :drawn_ms, :due_day, 'due', 0, :empty, 0, '', 0)
on conflict (region, commitment_id) do nothing;

-- name: check_get (region text, id bigint) -> one (commitment_id bigint, drawn_ms bigint, due_day bigint, outcome text, key_id bigint, evidence bytea, checker_id bigint, checker_name text, checked_ms bigint)
select commitment_id, drawn_ms, due_day, outcome, key_id, evidence, checker_id, checker_name, checked_ms
from commitment_check where region = :region and id = :id;

-- name: check_of_commitment (region text, commitment_id bigint) -> one (id bigint, outcome text)
select id, outcome from commitment_check where region = :region and commitment_id = :commitment_id;

-- name: check_due (region text, due_day bigint, id bigint, limit bigint) -> many (id bigint, due_day bigint)
select id, due_day from commitment_check where region = :region and outcome = 'due' and (due_day, id) > (:due_day, :id) order by due_day, id limit :limit;

-- name: check_outcome (region text, id bigint, outcome text, key_id bigint, evidence bytea, checker_id bigint, checker_name text, checked_ms bigint) -> none
update commitment_check set outcome = :outcome, key_id = :key_id, evidence = :evidence, checker_id = :checker_id, checker_name = :checker_name, checked_ms = :checked_ms
where region = :region and id = :id and outcome = 'due';

-- name: breach_insert (region text, id bigint, no text, commitment_id bigint, subject_kind text, subject_digest bytea, key_id bigint, code_digest bytea, reason bytea, entered_ms bigint, entered_by bigint, entered_name text, expires_day bigint, empty bytea) -> none
insert into breach (region, id, no, commitment_id, subject_kind, subject_digest, key_id, code_digest, reason, state, entered_ms, entered_by, entered_name, expires_day, told_day, told_way, objection, objection_body, objected_ms, decision, decided_by, decided_name, closed_ms)
values (:region, :id, :no, :commitment_id, :subject_kind, :subject_digest, :key_id, :code_digest, :reason, 'open', :entered_ms, :entered_by, :entered_name, :expires_day, 0, '', 'none', :empty, 0, :empty, 0, '', 0);

-- name: breach_get (region text, id bigint) -> one (no text, commitment_id bigint, subject_kind text, subject_digest bytea, key_id bigint, reason bytea, state text, entered_ms bigint, entered_by bigint, entered_name text, expires_day bigint, told_day bigint, told_way text, objection text, objection_body bytea, objected_ms bigint, decision bytea, decided_by bigint, decided_name text, closed_ms bigint)
select no, commitment_id, subject_kind, subject_digest, key_id, reason, state, entered_ms, entered_by, entered_name, expires_day, told_day, told_way, objection, objection_body, objected_ms, decision, decided_by, decided_name, closed_ms
from breach where region = :region and id = :id;

-- name: breach_by_no (region text, no text) -> one (id bigint, code_digest bytea)
select id, code_digest from breach where region = :region and no = :no;

-- name: breach_list_open (region text, after bigint, limit bigint) -> many (id bigint)
select id from breach where region = :region and state = 'open' and id > :after order by id limit :limit;

-- name: breach_list (region text, before bigint, limit bigint) -> many (id bigint)
select id from breach where region = :region and id < :before order by id desc limit :limit;

-- name: breach_closing (region text, subject_digest bytea, day bigint) -> one (id bigint, no text, commitment_id bigint, entered_ms bigint, expires_day bigint, told_day bigint)
-- The oldest that stands in the way of a subject's next commitment.
select id, no, commitment_id, entered_ms, expires_day, told_day from breach
where region = :region and subject_digest = :subject_digest and state = 'open' and expires_day >= :day order by id limit 1;

-- name: breach_told (region text, id bigint, told_day bigint, told_way text) -> none
update breach set told_day = :told_day, told_way = :told_way where region = :region and id = :id and state = 'open' and told_day = 0;

-- name: breach_object (region text, id bigint, objection_body bytea, objected_ms bigint) -> none
update breach set objection = 'open', objection_body = :objection_body, objected_ms = :objected_ms
where region = :region and id = :id and state = 'open' and objection = 'none';

-- name: breach_decide (region text, id bigint, objection text, state text, decision bytea, decided_by bigint, decided_name text, closed_ms bigint) -> none
update breach set objection = :objection, state = :state, decision = :decision, decided_by = :decided_by, decided_name = :decided_name, closed_ms = :closed_ms
where region = :region and id = :id and state = 'open' and objection = 'open';

-- name: breach_cure (region text, id bigint, decision bytea, decided_by bigint, decided_name text, closed_ms bigint) -> none
update breach set state = 'cured', decision = :decision, decided_by = :decided_by, decided_name = :decided_name, closed_ms = :closed_ms
where region = :region and id = :id and state = 'open';

-- name: share_import_insert (region text, id bigint, source text, no bigint, way text, data_day bigint, key_id bigint, digest bytea, at_ms bigint, staff_id bigint, staff_name text) -> none
insert into share_import (region, id, source, no, way, state, data_day, key_id, digest, row_count, error_count, at_ms, staff_id, staff_name)
values (:region, :id, :source, :no, :way, 'running', :data_day, :key_id, :digest, 0, 0, :at_ms, :staff_id, :staff_name);

-- name: share_import_done (region text, id bigint, row_count bigint, error_count bigint) -> none
update share_import set state = 'done', row_count = :row_count, error_count = :error_count where region = :region and id = :id and state = 'running';

-- name: share_import_get (region text, id bigint) -> one (source text, no bigint, way text, state text, data_day bigint, row_count bigint, error_count bigint, at_ms bigint, staff_name text)
select source, no, way, state, data_day, row_count, error_count, at_ms, staff_name from share_import where region = :region and id = :id;

-- name: share_imports (region text, before bigint, limit bigint) -> many (id bigint, source text, no bigint, way text, data_day bigint, row_count bigint, error_count bigint, at_ms bigint, staff_name text)
select id, source, no, way, data_day, row_count, error_count, at_ms, staff_name from share_import
where region = :region and state = 'done' and id < :before order by id desc limit :limit;

-- name: share_import_error_insert (region text, import_id bigint, line bigint, reason text) -> none
insert into share_import_error (region, import_id, line, reason) values (:region, :import_id, :line, :reason)
on conflict (region, import_id, line) do nothing;

-- name: share_import_errors (region text, import_id bigint, limit bigint) -> many (line bigint, reason text)
select line, reason from share_import_error where region = :region and import_id = :import_id order by line limit :limit;

-- name: share_row_insert (region text, source text, id_digest bytea, import_no bigint, line bigint, gone bigint, body bytea) -> none
insert into share_row (region, source, id_digest, import_no, line, gone, body)
values (:region, :source, :id_digest, :import_no, :line, :gone, :body);

-- name: share_base (region text, source text) -> one (no bigint)
-- What came before the last replacing import no longer counts.
select no from share_import where region = :region and source = :source and state = 'done' and way = 'replace' order by no desc limit 1;

-- name: share_imports_of (region text, source text) -> one (no bigint)
-- The last finished import of a source, if there was any.
select no from share_import where region = :region and source = :source and state = 'done' order by no desc limit 1;

-- name: share_find (region text, source text, id_digest bytea, base bigint) -> many (import_no bigint, line bigint, gone bigint, body bytea, key_id bigint)
-- The newest word on somebody first.
select r.import_no, r.line, r.gone, r.body, i.key_id from share_row r join share_import i on i.region = r.region and i.source = r.source and i.no = r.import_no
where r.region = :region and r.source = :source and r.id_digest = :id_digest and r.import_no >= :base and i.state = 'done'
order by r.import_no desc, r.line desc limit 8;

-- name: share_look_insert (region text, id bigint, source text, source_name text, subject_digest bytea, masked text, case_id bigint, case_no text, material text, reason text, consent text, outcome text, import_no bigint, result_digest bytea, at_ms bigint, staff_id bigint, staff_name text) -> none
insert into share_look (region, id, source, source_name, subject_digest, masked, case_id, case_no, material, reason, consent, outcome, import_no, result_digest, at_ms, staff_id, staff_name)
values (:region, :id, :source, :source_name, :subject_digest, :masked, :case_id, :case_no, :material, :reason, :consent, :outcome, :import_no, :result_digest, :at_ms, :staff_id, :staff_name);

-- name: share_looks (region text, before bigint, limit bigint) -> many (id bigint, source text, source_name text, masked text, case_no text, material text, reason text, consent text, outcome text, import_no bigint, result_digest bytea, at_ms bigint, staff_name text)
select id, source, source_name, masked, case_no, material, reason, consent, outcome, import_no, result_digest, at_ms, staff_name
from share_look where region = :region and id < :before order by id desc limit :limit;

-- name: share_looks_of_case (region text, case_id bigint) -> many (id bigint, source text, source_name text, subject_digest bytea, material text, outcome text, result_digest bytea, at_ms bigint, staff_name text)
select id, source, source_name, subject_digest, material, outcome, result_digest, at_ms, staff_name from share_look where region = :region and case_id = :case_id order by id desc limit 64;
