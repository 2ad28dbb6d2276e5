#!/bin/sh
# PostgreSQL, as an image's entry point starts it: the cluster is made at the first start and kept on a volume.
bin=$(ls -d /usr/lib/postgresql/*/bin | tail -n 1)
PATH=$bin:$PATH
data=/var/lib/postgresql/data
as="setpriv --reuid=postgres --regid=postgres --init-groups"
mkdir -p /archive "$data" /var/run/postgresql
chown postgres: /archive "$data" /var/lib/postgresql /var/run/postgresql
chmod 700 "$data"
if [ ! -f "$data/PG_VERSION" ]; then
    $as initdb -D "$data" --auth=trust >/dev/null
    cp /workload/shop.conf "$data/conf.d.conf"
    echo "include 'conf.d.conf'" >> "$data/postgresql.conf"
    $as pg_ctl -D "$data" -w start >/dev/null
    $as psql -q -h 127.0.0.1 -p 18432 postgres -f /workload/schema.sql
    $as pg_ctl -D "$data" -w -m fast stop >/dev/null
fi
exec $as postgres -D "$data"
