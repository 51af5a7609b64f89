#!/bin/sh
# What a program of a target can look like: hands what is asked on to a control interface. The other words are for the tests.
set -u

# Calls the control interface; its answer stands in "$body", and its status in "$code".
call() {
  answer=$(curl -sS -g -H "Authorization: Bearer ${OPSCONSOLE_TOKEN:-}" -w '\n%{http_code} %header{retry-after}' "$@" | head -c 200000)
  status=$(printf '%s' "$answer" | tail -n 1 | head -c 100)
  body=$(printf '%s' "$answer" | sed '$d')
  code=${status%% *}
  after=${status#* }
}

# Ends with what the control interface says of an error.
fail() {
  printf '%s\n' "$body" | sed -n 's/.*"error" *: *"\([^"]*\)".*/\1/p' >&2
  exit "$1"
}

word=$1
shift
case $word in
  set) # address service version previous share halted action
    call -X PUT -H 'Content-Type: application/json' \
      -d "{\"version\":\"$3\",\"previousVersion\":\"$4\",\"exposurePercent\":$5,\"halted\":$6,\"actionId\":\"$7\"}" "$1rollouts/$2"
    case $code in
      2*) exit 0 ;;
      429) if [ "${after:-0}" -gt 60 ]; then fail 65; fi; exit 75 ;;
      4*) fail 65 ;;
      *) fail 1 ;;
    esac ;;
  show) # address service version
    call "$1rollouts/$2?version=$3"
    case $code in
      2*) printf '%s' "$body" ;;
      429) if [ "${after:-0}" -gt 60 ]; then fail 65; fi; exit 75 ;;
      503) exit 75 ;;
      *) printf '%s' "$body"; fail 1 ;;
    esac ;;
  arguments) # file, and any others: one in each line
    file=$1
    shift
    printf '%s\n' "$@" > "$file" ;;
  environment) # file
    env > "$1"
    pwd >> "$1"
    cat >> "$1" ;;
  linger) # file: starts another program and waits for it
    sleep 600 &
    echo "$$ $!" > "$1"
    wait ;;
  chatter) # without an end
    exec yes ;;
  exit) # code words
    printf 'first\n%s\n\n' "$2" >&2
    exit "$1" ;;
  busy) # file: busy at the first two times
    echo once >> "$1"
    [ "$(wc -l < "$1")" -lt 3 ] && exit 75
    printf '{"exposurePercent":0,"halted":false}' ;;
esac
