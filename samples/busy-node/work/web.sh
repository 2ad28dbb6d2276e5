#!/bin/sh
# every: 10
# needs: nginx, curl
# A web server serves, is asked, and reads its configuration again.
set -e
mkdir -p html logs && echo page > html/index.html
cat > nginx.conf <<C
pid $PLACE/nginx.pid; error_log $PLACE/logs/error.log; events {}
http { access_log $PLACE/logs/access.log; server { listen 127.0.0.1:47180; root $PLACE/html; } }
C
chmod 755 "$PLACE"
nginx -c "$PLACE/nginx.conf" && trap 'kill $(cat "$PLACE/nginx.pid")' EXIT
trap 'exit 143' HUP INT TERM
for i in 1 2 3 4 5; do curl -s http://127.0.0.1:47180/ >/dev/null; done
nginx -c "$PLACE/nginx.conf" -s reload
sleep 0.5
