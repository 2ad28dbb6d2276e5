#!/bin/sh
# A Node web application, under a user of its own.
mkdir -p /srv/node/data /var/log/node
chown -R www-data: /srv/node /var/log/node
exec setpriv --reuid=www-data --regid=www-data --clear-groups nodejs /workload/server.js
