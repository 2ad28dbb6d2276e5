CREATE ROLE shop LOGIN;
CREATE DATABASE shop OWNER shop;
\connect shop
CREATE EXTENSION dblink;
SET ROLE shop;
CREATE TABLE items (id int PRIMARY KEY, name text, price int);
INSERT INTO items SELECT n, 'item ' || n, n * 7 FROM generate_series(1, 2000) n;
CREATE TABLE views (item int, seen timestamptz);
CREATE INDEX ON views (item);
