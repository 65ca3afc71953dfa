# The keeper of a throwaway cluster: starts the server, and ends it when the program that asked for it is gone.
# That program holds the other end of standard input; it closes however the program dies, kill -9 included.
#   $1 bin folder   $2 cluster's folder   $3 port   $4 command prefix that changes the user (may be empty)
bin=$1 dir=$2 port=$3 as=$4
trap '' INT HUP TERM
$as "$bin/pg_ctl" -D "$dir/data" -s -w -t 60 -l "$dir/log" -o "-p $port -k $dir" start </dev/null >/dev/null 2>&1 || { echo failed; exit 1; }
echo started
read -r word
if [ "$word" = keep ]; then exit 0; fi
$as "$bin/pg_ctl" -D "$dir/data" -s -m immediate stop </dev/null >/dev/null 2>&1
rm -rf "$dir"
echo stopped
