#!/bin/sh
# Builds Temporal's server and its schema tool (Go 1.26 or newer; some 10 minutes of computing, 170 MB). Usage: build.sh DIRECTORY
set -eu
VERSION=1.31.2
DIRECTORY=$(mkdir -p "${1:?Give the directory for the two programs.}" && cd "$1" && pwd)
GOBIN=$(mktemp -d)
export GOBIN CGO_ENABLED=0
trap 'rm -rf "$GOBIN"' EXIT
go install -trimpath -ldflags "-s -w" "go.temporal.io/server/cmd/server@v$VERSION" "go.temporal.io/server/cmd/tools/sql@v$VERSION"
mv "$GOBIN/server" "$DIRECTORY/temporal-server-$VERSION"
mv "$GOBIN/sql" "$DIRECTORY/temporal-sql-tool-$VERSION"
