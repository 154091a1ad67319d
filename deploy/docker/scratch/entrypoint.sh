#!/bin/sh
# Make a cluster on the first start, then become the server. POSTGRES_USER, POSTGRES_PASSWORD as in the official image.
set -eu
if [ ! -s "$PGDATA/PG_VERSION" ]; then
    : "${POSTGRES_PASSWORD:?is not set. Nothing was made. Give the superuser a password.}"
    rm -rf "$PGDATA.new"
    printf '%s\n' "$POSTGRES_PASSWORD" | initdb --pgdata "$PGDATA.new" --username "${POSTGRES_USER:-postgres}" \
        --pwfile /dev/stdin --auth scram-sha-256 --data-checksums --encoding UTF8 --locale C
    echo 'host all all all scram-sha-256' >>"$PGDATA.new/pg_hba.conf"
    mv "$PGDATA.new" "$PGDATA" # beside first: a set-up that was interrupted leaves nothing that looks like a cluster
fi
unset POSTGRES_PASSWORD
[ "${1:-postgres}" != postgres ] || { shift $(($# > 0)); set -- postgres -c 'listen_addresses=*' "$@"; }
exec "$@"
