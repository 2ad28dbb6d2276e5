#!/bin/sh
# Redis with snapshots and a file of changes.
chown redis: /var/lib/redis /var/log/redis
cd /var/lib/redis || exit
exec setpriv --reuid=redis --regid=redis --clear-groups redis-server --port 18379 --bind 127.0.0.1 --dir /var/lib/redis --save 15 1 \
    --appendonly yes --logfile /var/log/redis/redis.log --enable-protected-configs yes
