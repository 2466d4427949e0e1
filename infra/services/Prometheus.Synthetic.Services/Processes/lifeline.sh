# Runs a program that must not outlive the process that started it. Standard input is a pipe from that process: its end,
# by whatever death, ends the program with SIGTERM. Exits with the program's code. Arguments: command and its arguments.
exec 3<&0
# Ctrl-C reaches the whole terminal; who started the program decides when it ends.
trap '' INT
"$@" 3<&- </dev/null &
program=$!
{ cat; kill -s TERM "$program"; } <&3 >/dev/null 2>&1 &
guard=$!
exec 3<&-
wait "$program"
code=$?
# Its number may soon be another's: nobody is to be told to end any more.
kill -s KILL "$guard" 2>/dev/null
exit "$code"
