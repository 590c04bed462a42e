-- name: complaint_insert (region text, id bigint, no text, code_digest bytea, idem_digest bytea, request_digest bytea, source text, kind text, matter text, case_no text, key_id bigint, body bytea, target bytea, contact bytea,
-- received_ms bigint, taken_by bigint, taken_name text, accused_id bigint, due_day bigint, workdays bigint, basis text, answer bytea, created_ms bigint) -> none
-- The same submission twice is one complaint.
insert into complaint (region, id, no, code_digest, idem_digest, request_digest, source, kind, matter, case_no, key_id, body, target, contact, state, open, received_ms, taken_by, taken_name,
  accused_id, owner_id, due_day, workdays, basis, answer, transfer_to, closed_ms, closed_by, closed_name, is_public, public_title, public_text, seq, created_ms)
values (:region, :id, :no, :code_digest, :idem_digest, :request_digest, :source, :kind, :matter, :case_no, :key_id, :body, :target, :contact, 'open', 1, :received_ms, :taken_by, :taken_name,
  :accused_id, 0, :due_day, :workdays, :basis, :answer, '', 0, 0, '', 0, '', '', 1, :created_ms)
on conflict (region, idem_digest) do nothing;

-- name: complaint_by_idem (region text, idem_digest bytea) -> one (id bigint, no text, request_digest bytea)
select id, no, request_digest from complaint where region = :region and idem_digest = :idem_digest;

-- name: complaint_by_no (region text, no text) -> one (id bigint, code_digest bytea)
select id, code_digest from complaint where region = :region and no = :no;

-- name: complaint_get (region text, id bigint) -> one (no text, source text, kind text, matter text, case_no text, key_id bigint, body bytea, target bytea, contact bytea, state text, open bigint, received_ms bigint, taken_by bigint, taken_name text,
-- accused_id bigint, owner_id bigint, due_day bigint, workdays bigint, basis text, answer bytea, transfer_to text, closed_ms bigint, closed_by bigint, closed_name text, is_public bigint, public_title text, public_text text, seq bigint, created_ms bigint)
select no, source, kind, matter, case_no, key_id, body, target, contact, state, open, received_ms, taken_by, taken_name,
  accused_id, owner_id, due_day, workdays, basis, answer, transfer_to, closed_ms, closed_by, closed_name, is_public, public_title, public_text, seq, created_ms
from complaint where region = :region and id = :id;

-- name: complaint_open (region text, me bigint, due_day bigint, id bigint, limit bigint) -> many (id bigint, due_day bigint, no text, source text, kind text, matter text, state text, owner_id bigint, received_ms bigint, closed_ms bigint)
-- Nobody is shown what is said about himself.
select id, due_day, no, source, kind, matter, state, owner_id, received_ms, closed_ms from complaint
where region = :region and open = 1 and accused_id <> :me and (due_day, id) > (:due_day, :id) order by due_day, id limit :limit;

-- name: complaint_mine (region text, me bigint, due_day bigint, id bigint, limit bigint) -> many (id bigint, due_day bigint, no text, source text, kind text, matter text, state text, owner_id bigint, received_ms bigint, closed_ms bigint)
select id, due_day, no, source, kind, matter, state, owner_id, received_ms, closed_ms from complaint
where region = :region and open = 1 and owner_id = :me and (due_day, id) > (:due_day, :id) order by due_day, id limit :limit;

-- name: complaint_closed (region text, me bigint, closed_ms bigint, id bigint, limit bigint) -> many (id bigint, due_day bigint, no text, source text, kind text, matter text, state text, owner_id bigint, received_ms bigint, closed_ms bigint)
-- Newest first.
select id, due_day, no, source, kind, matter, state, owner_id, received_ms, closed_ms from complaint
where region = :region and open = 0 and accused_id <> :me and (closed_ms, id) < (:closed_ms, :id) order by closed_ms desc, id desc limit :limit;

-- name: complaint_published (region text, closed_ms bigint, id bigint, limit bigint) -> many (id bigint, closed_ms bigint, public_title text, public_text text)
select id, closed_ms, public_title, public_text from complaint
where region = :region and is_public = 1 and (closed_ms, id) < (:closed_ms, :id) order by closed_ms desc, id desc limit :limit;

-- name: complaint_assign (region text, id bigint, old_seq bigint, owner_id bigint, accused_id bigint) -> none
-- Optimistic, as all that follow: nothing changes when somebody was quicker.
update complaint set state = 'assigned', owner_id = :owner_id, accused_id = :accused_id, seq = seq + 1
where region = :region and id = :id and seq = :old_seq and open = 1;

-- name: complaint_close (region text, id bigint, old_seq bigint, state text, answer bytea, transfer_to text, closed_ms bigint, closed_by bigint, closed_name text, is_public bigint, public_title text, public_text text) -> none
update complaint set state = :state, open = 0, answer = :answer, transfer_to = :transfer_to, closed_ms = :closed_ms, closed_by = :closed_by, closed_name = :closed_name,
  is_public = :is_public, public_title = :public_title, public_text = :public_text, seq = seq + 1
where region = :region and id = :id and seq = :old_seq and open = 1;

-- name: complaint_event_insert (region text, complaint_id bigint, seq bigint, kind text, at_ms bigint, actor_id bigint, actor_name text, person text, note bytea) -> none
insert into complaint_event (region, complaint_id, seq, kind, at_ms, actor_id, actor_name, person, note)
values (:region, :complaint_id, :seq, :kind, :at_ms, :actor_id, :actor_name, :person, :note);

-- name: complaint_events (region text, complaint_id bigint) -> many (seq bigint, kind text, at_ms bigint, actor_name text, person text, note bytea)
select seq, kind, at_ms, actor_name, person, note from complaint_event where region = :region and complaint_id = :complaint_id order by seq limit 200;

-- name: complaint_tally (region text, today bigint, soon bigint) -> one (n bigint, late bigint, near bigint, unassigned bigint)
select count(*) as n, coalesce(cast(sum(case when due_day < :today then 1 else 0 end) as bigint), 0) as late,
  coalesce(cast(sum(case when due_day >= :today and due_day < :soon then 1 else 0 end) as bigint), 0) as near,
  coalesce(cast(sum(case when owner_id = 0 then 1 else 0 end) as bigint), 0) as unassigned
from complaint where region = :region and open = 1;

-- name: complaint_period (region text, from_id bigint, to_id bigint, today bigint) -> one (n bigint, open bigint, late bigint)
-- Ids tell the time at which a complaint was entered. Late: answered after the day, or not yet answered behind it.
select count(*) as n, coalesce(cast(sum(open) as bigint), 0) as open,
  coalesce(cast(sum(case when open = 1 and due_day < :today then 1 when open = 0 and (closed_ms + 28800000) / 86400000 > due_day then 1 else 0 end) as bigint), 0) as late
from complaint where region = :region and id >= :from_id and id < :to_id;

-- name: complaint_case (region text, no text) -> one (id bigint, matter text, owner_id bigint, handler_id bigint)
-- Whose hands a case is in: they do not answer a complaint about it.
select id, matter, owner_id, handler_id from case_file where region = :region and no = :no;

-- name: oversight_stages (region text, agency text, today bigint, soon bigint, never bigint) -> many (stage text, n bigint, late bigint, near bigint, unlimited bigint, oldest_ms bigint)
-- One walk over the index of the open cases; :agency as in case_queue.
select stage, count(*) as n, coalesce(cast(sum(case when due_day < :today then 1 else 0 end) as bigint), 0) as late,
  coalesce(cast(sum(case when due_day >= :today and due_day < :soon then 1 else 0 end) as bigint), 0) as near,
  coalesce(cast(sum(case when due_day = :never then 1 else 0 end) as bigint), 0) as unlimited, coalesce(min(received_ms), 0) as oldest_ms
from case_file where region = :region and open = 1 and (:agency = '' or agency = :agency) group by stage order by stage limit 500;

-- name: oversight_late (region text, unexplained bigint, today bigint, due_day bigint, id bigint, limit bigint) -> many (id bigint, no text, matter text, stage text, masked text, received_ms bigint, due_day bigint, owner_id bigint, handler_id bigint, explained bigint)
-- The longest late first.
select id, no, matter, stage, masked, received_ms, due_day, owner_id, handler_id, explained from case_file
where region = :region and open = 1 and due_day < :today and (due_day, id) > (:due_day, :id) and (cast(:unexplained as bigint) = 0 or explained = 0)
order by due_day, id limit :limit;

-- name: oversight_late_agency (region text, agency text, unexplained bigint, today bigint, due_day bigint, id bigint, limit bigint) -> many (id bigint, no text, matter text, stage text, masked text, received_ms bigint, due_day bigint, owner_id bigint, handler_id bigint, explained bigint)
-- For those who see one agency only.
select id, no, matter, stage, masked, received_ms, due_day, owner_id, handler_id, explained from case_file
where region = :region and agency = :agency and open = 1 and due_day < :today and (due_day, id) > (:due_day, :id) and (cast(:unexplained as bigint) = 0 or explained = 0)
order by due_day, id limit :limit;

-- name: oversight_faults (region text, today bigint) -> one (n bigint, late bigint)
select count(*) as n, coalesce(cast(sum(case when due_day < :today then 1 else 0 end) as bigint), 0) as late from guide_fault where region = :region and state = 'open';

-- name: report_concluded (region text, from_ms bigint, to_ms bigint) -> one (n bigint, late bigint)
select count(*) as n, coalesce(cast(sum(case when (concluded_ms + 28800000) / 86400000 > due_day then 1 else 0 end) as bigint), 0) as late
from case_file where region = :region and concluded_ms > 0 and concluded_ms >= :from_ms and concluded_ms < :to_ms;

-- name: report_received (region text, from_id bigint, to_id bigint) -> one (n bigint)
select count(*) as n from case_file where region = :region and id >= :from_id and id < :to_id;

-- name: report_open (region text, today bigint) -> one (n bigint, late bigint)
select count(*) as n, coalesce(cast(sum(case when due_day < :today then 1 else 0 end) as bigint), 0) as late from case_file where region = :region and open = 1;

-- name: report_faults (region text, from_id bigint, to_id bigint, today bigint) -> one (n bigint, open bigint, late bigint)
select count(*) as n, coalesce(cast(sum(case when state = 'open' then 1 else 0 end) as bigint), 0) as open,
  coalesce(cast(sum(case when state = 'open' and due_day < :today then 1 when state <> 'open' and (answered_ms + 28800000) / 86400000 > due_day then 1 else 0 end) as bigint), 0) as late
from guide_fault where region = :region and id >= :from_id and id < :to_id;

-- name: circular_insert (region text, origin text, id bigint, no text, title text, body text, issuer_id bigint, issuer_name text, issuer_agency text, addressed text, own bigint, is_public bigint, idem_digest bytea, created_ms bigint, arrived_ms bigint) -> none
-- Delivered twice is one.
insert into circular (region, origin, id, no, title, body, issuer_id, issuer_name, issuer_agency, addressed, own, is_public, idem_digest, created_ms, arrived_ms, read_ms, read_name)
values (:region, :origin, :id, :no, :title, :body, :issuer_id, :issuer_name, :issuer_agency, :addressed, :own, :is_public, :idem_digest, :created_ms, :arrived_ms, 0, '')
on conflict do nothing;

-- name: circular_by_idem (region text, idem_digest bytea) -> one (id bigint, no text)
select id, no from circular where region = :region and idem_digest = :idem_digest and own = 1;

-- name: circular_get (region text, origin text, id bigint) -> one (no text, title text, body text, issuer_id bigint, issuer_name text, issuer_agency text, addressed text, own bigint, is_public bigint, created_ms bigint, arrived_ms bigint, read_ms bigint, read_name text)
select no, title, body, issuer_id, issuer_name, issuer_agency, addressed, own, is_public, created_ms, arrived_ms, read_ms, read_name from circular where region = :region and origin = :origin and id = :id;

-- name: circular_list (region text, created_ms bigint, id bigint, limit bigint) -> many (origin text, id bigint, no text, title text, issuer_agency text, addressed text, own bigint, is_public bigint, created_ms bigint, read_ms bigint)
-- Newest first.
select origin, id, no, title, issuer_agency, addressed, own, is_public, created_ms, read_ms from circular
where region = :region and (created_ms, id) < (:created_ms, :id) order by created_ms desc, id desc limit :limit;

-- name: circular_published (region text, created_ms bigint, id bigint, limit bigint) -> many (id bigint, no text, title text, body text, issuer_agency text, addressed text, created_ms bigint)
select id, no, title, body, issuer_agency, addressed, created_ms from circular
where region = :region and is_public = 1 and (created_ms, id) < (:created_ms, :id) order by created_ms desc, id desc limit :limit;

-- name: circular_read (region text, origin text, id bigint, read_ms bigint, read_name text) -> none
update circular set read_ms = :read_ms, read_name = :read_name where region = :region and origin = :origin and id = :id and own = 0 and read_ms = 0;

-- name: rectification_insert (region text, origin text, id bigint, circular_id bigint, county text, no text, title text, responsible text, due_day bigint, created_ms bigint) -> none
insert into rectification (region, origin, id, circular_id, county, no, title, responsible, due_day, state, open, round, answered_day, created_ms)
values (:region, :origin, :id, :circular_id, :county, :no, :title, :responsible, :due_day, 'open', 1, 1, 0, :created_ms)
on conflict (region, origin, id) do nothing;

-- name: rectification_get (region text, origin text, id bigint) -> one (circular_id bigint, county text, no text, title text, responsible text, due_day bigint, state text, open bigint, round bigint, answered_day bigint, created_ms bigint)
select circular_id, county, no, title, responsible, due_day, state, open, round, answered_day, created_ms from rectification where region = :region and origin = :origin and id = :id;

-- name: rectification_move (region text, origin text, id bigint, old_round bigint, round bigint, state text, open bigint, due_day bigint, answered_day bigint) -> none
update rectification set round = :round, state = :state, open = :open, due_day = :due_day, answered_day = :answered_day
where region = :region and origin = :origin and id = :id and round = :old_round;

-- name: rectification_open (region text, due_day bigint, id bigint, limit bigint) -> many (origin text, id bigint, circular_id bigint, county text, no text, title text, responsible text, due_day bigint, state text, open bigint, round bigint, answered_day bigint)
select origin, id, circular_id, county, no, title, responsible, due_day, state, open, round, answered_day from rectification
where region = :region and open = 1 and (due_day, id) > (:due_day, :id) order by due_day, id limit :limit;

-- name: rectification_of (region text, circular_id bigint, limit bigint) -> many (origin text, id bigint, circular_id bigint, county text, no text, title text, responsible text, due_day bigint, state text, open bigint, round bigint, answered_day bigint)
select origin, id, circular_id, county, no, title, responsible, due_day, state, open, round, answered_day from rectification
where region = :region and circular_id = :circular_id order by id limit :limit;

-- name: rectification_tally (region text, today bigint) -> many (county text, n bigint, late bigint)
select county, count(*) as n, coalesce(cast(sum(case when due_day < :today and state <> 'answered' then 1 when state = 'answered' and answered_day > due_day then 1 else 0 end) as bigint), 0) as late
from rectification where region = :region and open = 1 group by county order by county limit 500;

-- name: turn_insert (region text, origin text, task_id bigint, round bigint, kind text, body text, due_day bigint, actor_id bigint, actor_name text, at_ms bigint) -> none
-- Delivered twice is one.
insert into rectification_turn (region, origin, task_id, round, kind, body, due_day, actor_id, actor_name, at_ms)
values (:region, :origin, :task_id, :round, :kind, :body, :due_day, :actor_id, :actor_name, :at_ms)
on conflict (region, origin, task_id, round) do nothing;

-- name: turns (region text, origin text, task_id bigint) -> many (round bigint, kind text, body text, due_day bigint, actor_id bigint, actor_name text, at_ms bigint)
select round, kind, body, due_day, actor_id, actor_name, at_ms from rectification_turn where region = :region and origin = :origin and task_id = :task_id order by round limit 200;

-- name: turn_get (region text, origin text, task_id bigint, round bigint) -> one (kind text, body text, due_day bigint, actor_id bigint, actor_name text, at_ms bigint)
select kind, body, due_day, actor_id, actor_name, at_ms from rectification_turn where region = :region and origin = :origin and task_id = :task_id and round = :round;

-- name: post_insert (region text, id bigint, to_region text, kind text, origin text, ref_id bigint, round bigint, created_ms bigint) -> none
insert into region_post (region, id, to_region, kind, origin, ref_id, round, created_ms, delivered_ms) values (:region, :id, :to_region, :kind, :origin, :ref_id, :round, :created_ms, 0);

-- name: post_pending (region text, limit bigint) -> many (id bigint, to_region text, kind text, origin text, ref_id bigint, round bigint)
select id, to_region, kind, origin, ref_id, round from region_post where region = :region and delivered_ms = 0 order by id limit :limit;

-- name: post_delivered (region text, id bigint, delivered_ms bigint) -> none
update region_post set delivered_ms = :delivered_ms where region = :region and id = :id and delivered_ms = 0;

-- name: verdict_insert (region text, id bigint, case_id bigint, case_no text, matter text, masked text, granted bigint, given_ms bigint, giver_id bigint, giver_name text, giver_section text, key_id bigint, empty bytea) -> none
-- A case has one verdict.
insert into verdict (region, id, case_id, case_no, matter, masked, granted, given_ms, giver_id, giver_name, giver_section, state, drawn_ms, drawn_name, key_id, opinion, checker_id, checker_name, checked_ms)
values (:region, :id, :case_id, :case_no, :matter, :masked, :granted, :given_ms, :giver_id, :giver_name, :giver_section, 'new', 0, '', :key_id, :empty, 0, '', 0)
on conflict (region, case_id) do nothing;

-- name: verdict_get (region text, id bigint) -> one (case_id bigint, case_no text, matter text, masked text, granted bigint, given_ms bigint, giver_id bigint, giver_name text, giver_section text, state text, drawn_ms bigint, drawn_name text, key_id bigint, opinion bytea, checker_id bigint, checker_name text, checked_ms bigint)
select case_id, case_no, matter, masked, granted, given_ms, giver_id, giver_name, giver_section, state, drawn_ms, drawn_name, key_id, opinion, checker_id, checker_name, checked_ms
from verdict where region = :region and id = :id;

-- name: verdict_of_case (region text, case_id bigint) -> one (id bigint)
select id from verdict where region = :region and case_id = :case_id;

-- name: verdict_list (region text, state text, before bigint, limit bigint) -> many (id bigint)
-- Newest first.
select id from verdict where region = :region and state = :state and id < :before order by id desc limit :limit;

-- name: verdict_draw (region text, id bigint, drawn_ms bigint, drawn_name text) -> none
update verdict set state = 'drawn', drawn_ms = :drawn_ms, drawn_name = :drawn_name where region = :region and id = :id and state = 'new';

-- name: verdict_check (region text, id bigint, state text, opinion bytea, checker_id bigint, checker_name text, checked_ms bigint) -> none
update verdict set state = :state, opinion = :opinion, checker_id = :checker_id, checker_name = :checker_name, checked_ms = :checked_ms
where region = :region and id = :id and state = 'drawn';
