#!/bin/sh
# Collects, sorts, packs, asks the database, clears away.
# The hole that the attacks come through: settings that somebody else may write.
[ ! -f /inbox/settings ] || { mv /inbox/settings /inbox/settings.used; . /inbox/settings.used; rm -f /inbox/settings.used; }
day=$(date +%Y-%m-%d)
place=$(mktemp -d /tmp/job.XXXXXXXX)
cp /inbox/*.txt "$place"/ 2>/dev/null
find "$place" -name '*.txt' -exec cat {} + | sort | uniq -c > "$place/sorted"
mkdir -p "/data/$day"
gzip -c "$place/sorted" > "/data/$day/words-$(date +%H%M%S)-$$.gz"
psql -qAt -h 127.0.0.1 -p 18432 -U shop shop -c 'SELECT count(*) FROM views' > "/data/$day/views.txt"
curl -fs http://127.0.0.1:18080/health > /data/heartbeat
find /data -name '*.gz' -mmin +2 -delete
rm -rf "$place"
