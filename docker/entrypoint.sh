#!/bin/sh
# Runs one process of the hub as process 1, so that it gets the signals itself. Migrations are a service of their own.
set -eu

if [ "$(id -u)" = 0 ]; then
    echo "The hub does not run as root: leave the image's user as it is." >&2
    exit 1
fi
for name in SECRET_KEY DATABASE_URL; do
    if [ -z "$(printenv "$name" || true)" ]; then
        echo "$name is not set. See docker/.env.example." >&2
        exit 1
    fi
done
if [ $# = 0 ]; then
    echo "Name a process, as compose.yml does; for example: python manage.py relay_events" >&2
    exit 1
fi
exec "$@"
