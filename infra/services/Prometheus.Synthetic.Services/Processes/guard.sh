# Guards services that must not outlive the process that started them. Standard input is a pipe from that process: its
# end, by whatever death, ends the services recorded and removes their folder.
# Arguments: folder, record file (lines of: name, signal, process id, start time).
folder=$1 record=$2
trap '' INT TERM HUP

cat >/dev/null

# Succeeds while the process recorded, and no later one of the same number, runs.
alive() {
  { read -r stat </proc/"$1"/stat; } 2>/dev/null || return 1
  after=${stat##*) }
  wanted=$2
  set -- $after
  [ "$1" != Z ] && [ "${20}" = "$wanted" ]
}

each() {
  [ -f "$record" ] || return 0
  while read -r name signal pid started; do
    "$1" "$pid" "$started" "$signal"
  done <"$record"
}

stop() { if alive "$1" "$2"; then kill -s "$3" "$1" 2>/dev/null; fi; }
end() { if alive "$1" "$2"; then kill -s KILL "$1" 2>/dev/null; fi; }
note() { if alive "$1" "$2"; then left=yes; fi; }
count() { left=no; each note; [ "$left" = yes ]; }

each stop
tries=0
while count && [ "$tries" -lt 100 ]; do
  sleep 0.1
  tries=$((tries + 1))
done
each end
tries=0
while count && [ "$tries" -lt 50 ]; do
  sleep 0.1
  tries=$((tries + 1))
done
# A helper of a service may still write for a moment after the service is gone.
rm -rf "$folder" 2>/dev/null || { sleep 1; rm -rf "$folder"; }
