-- name: dry_run_page (region text, id bigint, limit bigint) -> many (id bigint, agency text)
-- Open cases, newest first: what a version that is not in force yet is tried on.
select id, agency from case_file where region = :region and open = 1 and id < :id order by id desc limit :limit;
