#!/bin/sh
# Make the secrets that docker-compose.yml names, once; what is there already is left alone.
# Run it as root in the root of the repository. Keep a copy of seal_key elsewhere, apart from the
# backups: without it a backup cannot be read, and with both anybody can read everything.
set -eu
umask 077
folder=${1:-deploy/secrets}
mkdir -p "$folder"

# new FILE OWNER COMMAND…: write what a command says to a file that only OWNER may read.
new() {
    file=$folder/$1
    owner=$2
    shift 2
    [ ! -e "$file" ] || return 0
    "$@" >"$file.new"
    chmod 400 "$file.new"
    [ "$(id -u)" != 0 ] || chown "$owner" "$file.new"
    mv "$file.new" "$file"
}

word() { openssl rand -hex 24; }
key() { openssl rand -base64 32; }
address() { printf '%s:%s@%s\n' "$1" "$(cat "$folder/$2")" "$3"; }

new database_password 999:999 word
new redis_password 999:999 word
new seal_key 10001:10001 key
new push_key 10001:10001 key
# The network between the containers is theirs alone, and their PostgreSQL has no certificate.
new database_url 10001:10001 address postgresql://entraide database_password "database:5432/entraide?sslmode=disable"
new broker_url 10001:10001 address redis:// redis_password redis:6379/0
