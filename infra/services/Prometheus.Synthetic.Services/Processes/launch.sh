# Becomes a service: records itself, then turns into the command, under the same process id and in its own session.
# Arguments: name, signal that stops it, record file, log file, command and its arguments.
name=$1 signal=$2 record=$3 log=$4
shift 4
read -r stat </proc/$$/stat
after=${stat##*) }
# Word splitting is wanted: field 20 after the command name is the start time.
started=$(set -- $after; echo "${20}")
echo "$name $signal $$ $started" >>"$record" || exit 1
# Who starts it answers once it knows of the record. When that one has been killed meanwhile, somebody may have read the
# record before this line stood in it: nothing is begun then.
echo recorded
read -r answer || exit 1
exec "$@" >>"$log" 2>&1 </dev/null
