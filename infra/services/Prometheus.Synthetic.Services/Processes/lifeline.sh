# Runs a program that must not outlive the process that started it. Standard input is a pipe from that process: its end,
# by whatever death, ends the program with SIGTERM. Arguments: command and its arguments.
exec 3<&0
# Ctrl-C reaches the whole terminal; who started the program decides when it ends.
trap '' INT
"$@" 3<&- </dev/null &
program=$!
{ cat; kill -s TERM "$program"; } <&3 >/dev/null 2>&1 &
exec 3<&-
wait "$program"
