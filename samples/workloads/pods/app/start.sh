#!/bin/sh
# A Python web application behind gunicorn, whose workers are replaced now and then.
mkdir -p /var/log/app /srv/reports
chown www-data: /var/log/app /srv/reports
cd /workload || exit
PYTHONDONTWRITEBYTECODE=1
export PYTHONDONTWRITEBYTECODE
exec gunicorn --bind 127.0.0.1:18081 --workers 2 --max-requests 300 --max-requests-jitter 100 --user www-data --group www-data \
    --pid /run/app.pid --access-logfile /var/log/app/access.log --error-logfile /var/log/app/error.log application:application
