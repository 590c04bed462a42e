-- name: occasion_put (region text, occasion text, case_id bigint, case_no text, matter text, situation text, reference text, made_ms bigint) -> none
-- Sent again it is the same row.
insert into occasion_case (region, occasion, case_id, case_no, matter, situation, reference, made_ms)
values (:region, :occasion, :case_id, :case_no, :matter, :situation, :reference, :made_ms)
on conflict (region, case_id) do nothing;

-- name: occasion_case_id (region text, no text) -> one (id bigint)
select id from case_file where region = :region and no = :no;

-- name: occasion_of_case (region text, case_id bigint) -> one (occasion text, situation text, reference text)
select occasion, situation, reference from occasion_case where region = :region and case_id = :case_id;

-- name: occasion_cases (region text, occasion text, limit bigint) -> many (case_id bigint, case_no text, matter text, reference text)
select case_id, case_no, matter, reference from occasion_case where region = :region and occasion = :occasion order by case_id limit :limit;
