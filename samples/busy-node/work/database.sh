#!/bin/sh
# every: 10
# needs: redis-server, redis-cli
# Databases: redis with a snapshot, PostgreSQL with an archive of its log where it is installed.
# What stays of the servers, if this is ended.
end() { [ -z "$server" ] || kill "$server" 2>/dev/null; [ ! -f "$PLACE/data/postmaster.pid" ] || kill -INT "$(head -n 1 "$PLACE/data/postmaster.pid")"; }
trap end EXIT
trap 'exit 143' HUP INT TERM
redis-server --port 47181 --bind 127.0.0.1 --dir "$PLACE" --save '' >/dev/null & server=$!
sleep 0.3
redis-cli -p 47181 set key value >/dev/null; redis-cli -p 47181 save >/dev/null; redis-cli -p 47181 shutdown nosave 2>/dev/null
wait $server 2>/dev/null
server=
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | tail -n 1)
[ -n "$bin" ] && id postgres >/dev/null 2>&1 || exit 0
chmod 755 "$PLACE" && mkdir data archive && chown postgres data archive
as() { setpriv --reuid=postgres --regid=postgres --clear-groups "$@"; }
as "$bin/initdb" -D "$PLACE/data" >/dev/null 2>&1 || exit 0
cat >> data/postgresql.conf <<C
archive_mode = on
archive_command = 'test ! -f $PLACE/archive/%f && cp %p $PLACE/archive/%f'
port = 47182
listen_addresses = '127.0.0.1'
unix_socket_directories = '$PLACE/data'
wal_level = replica
C
as "$bin/pg_ctl" -D "$PLACE/data" -l "$PLACE/data/log" -w start >/dev/null
as "$bin/psql" -h "$PLACE/data" -p 47182 -c 'create table t(a int); insert into t select generate_series(1,100); select pg_switch_wal()' postgres >/dev/null
as "$bin/pg_dump" -h "$PLACE/data" -p 47182 -f "$PLACE/data/dump.sql" postgres
as "$bin/pg_ctl" -D "$PLACE/data" -w stop >/dev/null
