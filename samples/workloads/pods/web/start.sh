#!/bin/sh
# nginx with PHP-FPM, as an image's entry point starts them: a shop with pages, static files, uploads, and a cached way to the application.
umask 22
mkdir -p /var/www/shop/static /var/www/shop/uploads /var/cache/shop /var/log/shop /run/php
cp -r /workload/site/. /var/www/shop/
i=0
while [ $i -lt 60 ]; do
    head -c $((i * 700 + 100)) /dev/zero | tr '\0' "$(printf %03d $i | tail -c 1)" > /var/www/shop/static/page-$i.css
    echo "<svg>$i</svg>" > /var/www/shop/static/picture-$i.svg
    echo "{\"id\": $i}" > /var/www/shop/static/data-$i.json
    i=$((i + 1))
done
chown -R www-data: /var/www/shop /var/cache/shop /var/log/shop
php-fpm8.2 --fpm-config /workload/fpm.conf --nodaemonize &
exec nginx -c /workload/nginx.conf -g 'daemon off;'
