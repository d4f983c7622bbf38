#!/bin/sh
# Creates both databases, or brings their tables to the version of the schema tool; run it again after each upgrade of the server.
# Usage: POSTGRES_PASSWORD=… setup-schema.sh TEMPORAL_SQL_TOOL [PSQL]
set -eu
TOOL=${1:?Give the path of temporal-sql-tool: build.sh makes it.}
PSQL=${2:-psql}
HOST=${POSTGRES_HOST:-127.0.0.1}
PORT=${POSTGRES_PORT:-5432}
ROLE=${POSTGRES_USER:-temporal}
export PGPASSWORD="${POSTGRES_PASSWORD:?Set POSTGRES_PASSWORD to the password of the role.}"

# $1: database; then what to do
in_database() {
  database=$1
  shift
  "$TOOL" --plugin postgres12 --endpoint "$HOST" --port "$PORT" --user "$ROLE" --password "$PGPASSWORD" --database "$database" "$@"
}

# $1: database, $2: its tables
prepare() {
  if ! "$PSQL" -h "$HOST" -p "$PORT" -U "$ROLE" -d "$1" -qtAc "select 1 from schema_version" >/dev/null 2>&1; then
    in_database "$1" create
    in_database "$1" setup-schema --version 0.0
  fi
  in_database "$1" update-schema --schema-name "$2"
}

prepare temporal postgresql/v12/temporal
prepare temporal_visibility postgresql/v12/visibility
