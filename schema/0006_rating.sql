-- Ratings in full (R40-R49, R284): what a rating is about, the call-back of a bad one, appeals, the offer to rate, visits by a poster's code.
-- Whatever a citizen or a clerk wrote is sealed; statistics count rows of rating_about, so they cannot differ from a recount.

-- One row beside each row of rating: whom and what it concerns, in plain columns, and whether it counts.
-- MONTH: yyyymm of the day in Shanghai. HANDLERS: ids of all who worked on the case, " 12 34 "; they see no rater. CONTACT: left at a poster.
create table rating_about (
  region text not null, id bigint not null, source text not null check (source in ('case', 'visit', 'platform')),
  case_id bigint not null, month bigint not null, matter text not null, agency text not null, point text not null, window_name text not null,
  staff_id bigint not null, handlers text not null, channel text not null check (channel in ('device', 'internet', 'third_party', 'qr')),
  level bigint not null check (level between 1 and 5), bad bigint not null check (bad in (0, 1)),
  excluded bigint not null check (excluded in (0, 1)), ref text not null, contact bytea not null, created_ms bigint not null,
  primary key (region, id)
);
create unique index rating_about_ref on rating_about (region, ref) where ref <> '';
create index rating_about_matter on rating_about (region, month, matter, level) where excluded = 0;
create index rating_about_point on rating_about (region, month, point, window_name, level) where excluded = 0;
create index rating_about_staff on rating_about (region, month, staff_id, level) where excluded = 0;
create index rating_about_one on rating_about (region, staff_id, month, level) where excluded = 0;
create index rating_about_channel on rating_about (region, month, channel, level) where excluded = 0;
create index rating_about_excluded on rating_about (region, month, level) where excluded = 1;
create index rating_about_clerk on rating_about (region, staff_id, id) where bad = 1;

-- The call-back of a bad rating (R41-R43): owned by the agency that handled the case, done by a named person. NEXT_DAY: what is due next.
-- Outcome: -1 not said yet. How it ended: rectified, answered, excluded.
create table call_back (
  region text not null, rating_id bigint not null, agency text not null, assignee_id bigint not null,
  state text not null check (state in ('open', 'checked', 'rectifying', 'closed')),
  due_day bigint not null, next_day bigint not null, rectify_day bigint not null,
  clear bigint not null check (clear between -1 and 1), truthful bigint not null check (truthful between -1 and 1),
  reasonable bigint not null check (reasonable between -1 and 1), called_ms bigint not null, called_by bigint not null,
  ended text not null check (ended in ('', 'rectified', 'answered', 'excluded')), closed_ms bigint not null, closed_by bigint not null,
  key_id bigint not null, note bytea not null, rectification bytea not null, reply bytea not null, version bigint not null,
  primary key (region, rating_id)
);
create index call_back_open on call_back (region, next_day, rating_id) where state <> 'closed';
create index call_back_mine on call_back (region, assignee_id, next_day, rating_id) where state <> 'closed';
create index call_back_closed on call_back (region, closed_ms, rating_id) where state = 'closed';

-- Appeals and reviews (R44). A rating that is left out of the statistics keeps its record and says by which appeal.
create table rating_appeal (
  region text not null, id bigint not null, rating_id bigint not null, ground text not null check (ground in ('explain', 'mistaken', 'malicious')),
  by_id bigint not null, key_id bigint not null, evidence bytea not null, file_ref bytea not null, created_ms bigint not null,
  state text not null check (state in ('open', 'upheld', 'rejected')), decided_ms bigint not null, decided_by bigint not null, decision bytea not null,
  primary key (region, id)
);
create unique index rating_appeal_one on rating_appeal (region, rating_id) where state = 'open';
create index rating_appeal_rating on rating_appeal (region, rating_id, id);
create index rating_appeal_open on rating_appeal (region, id) where state = 'open';

-- The offer to rate, one for each finished case: what coverage is counted against, and the one reminder it may get.
create table rating_offer (
  region text not null, case_id bigint not null, month bigint not null, matter text not null, point text not null, staff_id bigint not null,
  closed_ms bigint not null, remind_day bigint not null, reminded_ms bigint not null, rated bigint not null check (rated in (0, 1)),
  primary key (region, case_id)
);
create index rating_offer_due on rating_offer (region, remind_day, case_id) where reminded_ms = 0 and rated = 0;
create index rating_offer_matter on rating_offer (region, month, matter, rated);
create index rating_offer_point on rating_offer (region, month, point, rated);
create index rating_offer_staff on rating_offer (region, month, staff_id, rated);

-- How many visits were rated from one network address at one place on one day; a keyed digest, never the address.
create table rating_visit (
  region text not null, day bigint not null, digest bytea not null, n bigint not null,
  primary key (region, day, digest)
);
