using Eclusier.Files;

namespace Eclusier.Postgres.Sandbox;

/// <summary>The shell that owns a throwaway cluster, and what it does.</summary>
internal static class Watchdog
{
    private const string Script = """
        exec 2>/dev/null
        trap '' INT HUP TERM PIPE
        cd /
        mkdir -p "$(dirname "$FOLDER")" && umask 077 && mkdir "$FOLDER" || { echo failed; exit 1; }
        echo $$ >"$FOLDER/watchdog"
        exec 2>"$FOLDER/watchdog.log"
        printf '%s\n' "$STOP" >"$FOLDER/stop"
        printf '%s\n' "$SETTINGS" >"$FOLDER/settings"
        printf '%s\n' "$PASSWORD" >"$FOLDER/password"
        unset PASSWORD
        mkdir "$FOLDER/server"
        if [ -n "$OWNER" ]; then chmod 711 "$FOLDER"; chown "$OWNER" "$FOLDER/server" "$FOLDER/password"; fi
        init() {
            $AS "$BIN/initdb" -D "$FOLDER/server/data" -U postgres -E UTF8 --locale="$1" --no-sync \
                --auth-local=trust --auth-host=scram-sha-256 --pwfile="$FOLDER/password" </dev/null >"$FOLDER/error.log" 2>&1
        }
        if init C.UTF-8 || init C; then
            cat "$FOLDER/settings" >>"$FOLDER/server/data/postgresql.conf"
            rm -f "$FOLDER/password"
            echo initialized
        else
            echo failed
        fi
        while read -r command port; do
            case $command in
            start)
                if $AS "$BIN/pg_ctl" -D "$FOLDER/server/data" -l "$FOLDER/server/log" -o "-p $port" -w -t 60 start </dev/null >"$FOLDER/error.log" 2>&1
                then echo started
                else cat "$FOLDER/server/log" >>"$FOLDER/error.log"; echo failed
                fi ;;
            keep) : >"$FOLDER/kept"; echo kept; exit 0 ;;
            *) break ;;
            esac
        done
        sh "$FOLDER/stop"
        """;

    /// <summary>Folders whose watchdog was killed, too (a reboot, the out-of-memory killer). Only our own, and never a kept one.</summary>
    private const string SweepScript = """
        for folder in "$BASE"/eclusier-sandbox-*; do
            if [ -d "$folder" ] && [ -O "$folder" ] && [ ! -L "$folder" ] && [ ! -e "$folder/kept" ] && [ -n "$(find "$folder" -maxdepth 0 -mmin +1)" ]; then
                owner=$(cat "$folder/watchdog" 2>/dev/null)
                if [ -n "$owner" ] && kill -0 "$owner" 2>/dev/null; then continue; fi
                if [ -f "$folder/stop" ]; then sh "$folder/stop"; else rm -rf "$folder"; fi
            fi
        done
        """;

    /// <summary>Removes what earlier processes could not.</summary>
    public static Task SweepAsync(string baseFolder, CancellationToken cancellationToken) =>
        ChildProcess.RunAsync("sh", ["-c", SweepScript], new Dictionary<string, string?>(StringComparer.Ordinal) { ["BASE"] = baseFolder }, cancellationToken);

    /// <summary>Starts the shell, which makes a folder and a cluster in it at once. It answers <c>initialized</c>, <c>started</c>, <c>kept</c> or <c>failed</c>.</summary>
    public static OwningShell Start(Cluster cluster)
    {
        // The server must not take its settings from the variables of whoever started us.
        var theirs = HostVariables.Names().Where(name => name.StartsWith("PG", StringComparison.Ordinal)).Select(name => KeyValuePair.Create(name, (string?)null));
        return OwningShell.Start(Script, theirs.Concat(cluster.Variables().Select(variable => KeyValuePair.Create(variable.Key, (string?)variable.Value))));
    }
}
