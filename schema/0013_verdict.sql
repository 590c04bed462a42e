-- What was decided on a benefit where the agency supervises whoever decides (R179): its own row beside the case, so that the agency's finding
-- never overwrites the verdict. state: new → drawn for a sample check → agreed | disagreed.
create table verdict (
  region text not null,
  id bigint not null,
  case_id bigint not null,
  case_no text not null,
  matter text not null,
  masked text not null,
  granted bigint not null check (granted in (0, 1)),
  given_ms bigint not null,
  giver_id bigint not null,
  giver_name text not null,
  giver_section text not null,
  state text not null check (state in ('new', 'drawn', 'agreed', 'disagreed')),
  drawn_ms bigint not null,
  drawn_name text not null,
  key_id bigint not null,
  opinion bytea not null,
  checker_id bigint not null,
  checker_name text not null,
  checked_ms bigint not null,
  primary key (region, id)
);
create unique index verdict_of_case on verdict (region, case_id);
create index verdict_by_state on verdict (region, state, id);
