using System.Text;
using Eclusier.Files;

namespace Eclusier.Postgres.Backups;

/// <summary>
/// From version 17 on, <c>pg_restore</c> begins with <c>SET transaction_timeout = 0</c>, whatever the server knows; before 17 a server refuses that, and nothing else
/// (pg_backup_archiver.c, <c>_doSetFixedOutputState</c>).
/// </summary>
internal static class NewerSetting
{
    private const string Refusal = "unrecognized configuration parameter \"transaction_timeout\"";
    private const string Line = "\nSET transaction_timeout = 0;";

    /// <summary>Of a script; the rows in it come later.</summary>
    private const int LongestBeginning = 4096;

    /// <summary>Whether it is why a restore that stops at its first refusal stopped: at its very beginning, then.</summary>
    public static bool Stopped(ChildResult restore) => restore.Error.Contains(Refusal, StringComparison.Ordinal);

    /// <summary>Whether a restore that did not stop was refused nothing else.</summary>
    /// <param name="verbose">Of one worker, in English.</param>
    public static bool IsAll(ChildResult verbose) => RestoreErrors.Parse(verbose.Error) is { Complete: true } refused && refused.All.All(error => error.Message == Refusal);

    /// <summary>Makes a comment of it, in its place, so that a long script needs not be written anew.</summary>
    public static void CommentOut(string script)
    {
        using var file = new FileStream(script, FileMode.Open, FileAccess.ReadWrite);
        var beginning = new byte[Math.Min(LongestBeginning, file.Length)];
        file.ReadExactly(beginning);
        var at = beginning.AsSpan().IndexOf(Encoding.ASCII.GetBytes(Line));
        if (at < 0)
            return;
        file.Position = at + 1;
        file.Write("--"u8);
    }
}
