-- Cases that were applied for together (R285): one number for all of them; each is a case of its own.
-- reference: the number that the unified acceptance platform gave it; empty when it came to us directly.
create table occasion_case (
  region text not null,
  occasion text not null,
  case_id bigint not null,
  case_no text not null,
  matter text not null,
  situation text not null,
  reference text not null,
  made_ms bigint not null,
  primary key (region, occasion, case_id)
);
create unique index occasion_of_case on occasion_case (region, case_id);
