using System.Diagnostics;

namespace Eclusier.Postgres.Sandbox;

/// <summary>
/// A shell that owns a throwaway server: it makes it, and when this process ends, in whatever way, it stops the server and removes its folder.
/// It notices because it reads from a pipe whose other end only this process holds (.NET opens it close-on-exec).
/// It has a session of its own and is nobody's child, so that neither Ctrl-C nor a signal to our process group or process tree reaches it.
/// </summary>
internal sealed class Watchdog : IAsyncDisposable
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

    private readonly Process _shell;

    private Watchdog(Process shell) => _shell = shell;

    /// <summary>Removes what earlier processes could not.</summary>
    public static Task SweepAsync(string baseFolder, CancellationToken cancellationToken) =>
        ChildProcess.RunAsync("sh", ["-c", SweepScript], new Dictionary<string, string?>(StringComparer.Ordinal) { ["BASE"] = baseFolder }, cancellationToken);

    /// <summary>Starts the shell, which makes a folder and a cluster in it at once.</summary>
    public static Watchdog Start(Cluster cluster)
    {
        string[] command = ["sh", "-c", Script];
        const string setsid = "/usr/bin/setsid";
        var line = File.Exists(setsid) ? [setsid, "--fork", .. command] : command;
        var start = new ProcessStartInfo(line[0], line[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
            WorkingDirectory = "/",
        };
        // The server must not take its settings from the variables of whoever started us.
        foreach (var name in start.Environment.Keys.Where(key => key.StartsWith("PG", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(name);
        foreach (var (name, value) in cluster.Variables())
            start.Environment[name] = value;
        return new Watchdog(Process.Start(start) ?? throw new InvalidOperationException("sh did not start"));
    }

    /// <summary>What the shell answers next: <c>initialized</c>, <c>started</c>, <c>kept</c> or <c>failed</c>.</summary>
    public async Task<string?> AnswerAsync(CancellationToken cancellationToken) => await _shell.StandardOutput.ReadLineAsync(cancellationToken);

    public async Task<string?> AskAsync(string command, CancellationToken cancellationToken)
    {
        await _shell.StandardInput.WriteLineAsync(command.AsMemory(), cancellationToken);
        await _shell.StandardInput.FlushAsync(cancellationToken);
        return await AnswerAsync(cancellationToken);
    }

    /// <summary>Ends the server and waits until nothing is left of it; when it was kept, only lets go of it.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            _shell.StandardInput.Close();
        }
        catch (IOException)
        {
            // The shell has ended already.
        }
        // The end of its output is the end of the shell; the process we started, setsid, ended long ago.
        await _shell.StandardOutput.ReadToEndAsync(CancellationToken.None);
        _shell.Dispose();
    }
}
