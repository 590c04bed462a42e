-- expect: text without a header
delete from item;
