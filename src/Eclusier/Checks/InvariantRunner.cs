using System.Security.Cryptography;
using System.Text;
using Eclusier.Engines;
using Eclusier.Evidence;
using Eclusier.Redaction;
using Eclusier.Runbooks;

namespace Eclusier.Checks;

/// <summary>Takes the values of invariants before the migrations, and compares them afterwards.</summary>
internal static class InvariantRunner
{
    /// <summary>Rows kept as text; the hash of all rows stands for the rest.</summary>
    private const int KeptRows = 200;

    /// <summary>The values before.</summary>
    /// <exception cref="RefusedException">One cannot be asked.</exception>
    public static async Task<IReadOnlyList<InvariantResult>> CaptureAsync(IReadOnlyList<Invariant> invariants, Database database, CancellationToken cancellationToken)
    {
        var results = new List<InvariantResult>();
        foreach (var invariant in invariants)
            results.Add(await AskAsync(invariant, database, cancellationToken));
        return results;
    }

    private static async Task<InvariantResult> AskAsync(Invariant invariant, Database database, CancellationToken cancellationToken)
    {
        try
        {
            return new InvariantResult(invariant.Name, Passed: true, Render(await database.QueryAsync(invariant.Query, cancellationToken)), After: null);
        }
        catch (CheckFailedException error)
        {
            if (database.WhyUnproven(invariant.Query, error) is { } why)
                return new InvariantResult(invariant.Name, Passed: false, "", After: null, why, Skipped: true);
            throw new RefusedException(
                new Text($"The invariant \"{invariant.Name}\" cannot be asked before the migrations: {error.Problem.En}", $"L'invariant « {invariant.Name} » ne peut pas être posé avant les migrations : {error.Problem.Fr}"),
                error.Where,
                new Text("Mend its query in the runbook; what does not exist before the migrations is no invariant but a check.", "Corrigez sa requête dans le runbook ; ce qui n'existe pas avant les migrations n'est pas un invariant mais un contrôle."),
                error);
        }
    }

    /// <param name="before">What <see cref="CaptureAsync"/> found.</param>
    public static async Task<IReadOnlyList<InvariantResult>> CompareAsync(
        IReadOnlyList<Invariant> invariants, IReadOnlyList<InvariantResult> before, Database database, CancellationToken cancellationToken)
    {
        var results = new List<InvariantResult>();
        foreach (var invariant in invariants)
        {
            var known = before.FirstOrDefault(result => result.Name == invariant.Name);
            results.Add(known is { Skipped: true } ? known : await CompareAsync(invariant, known?.Before ?? "", database, cancellationToken));
        }

        return results;
    }

    private static async Task<InvariantResult> CompareAsync(Invariant invariant, string before, Database database, CancellationToken cancellationToken)
    {
        try
        {
            var after = Render(await database.QueryAsync(invariant.Query, cancellationToken));
            return new InvariantResult(invariant.Name, before == after, before, after, before == after ? null : Difference(before, after));
        }
        catch (CheckFailedException error)
        {
            var why = database.WhyUnproven(invariant.Query, error);
            return new InvariantResult(invariant.Name, Passed: false, before, After: null, why ?? error.Problem, Skipped: why is not null);
        }
    }

    private static string Render(QueryResult result)
    {
        var lines = result.Rows.Select(row => string.Join(" | ", row.Select(cell => cell ?? "∅"))).ToList();
        var shown = string.Join('\n', lines.Take(KeptRows).Select(Secrets.Redact));
        var whole = string.Join('\n', lines);
        if (shown == whole)
            return shown;
        // The hash tells what is not written down: rows beyond the first, and secrets, which may change, too.
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(whole)));
        return $"{shown}\n… {(lines.Count > KeptRows ? $"+{lines.Count - KeptRows} " : "")}(sha256 {hash})";
    }

    private static Text Difference(string before, string after)
    {
        var (old, now) = (before.Split('\n'), after.Split('\n'));
        var index = Enumerable.Range(0, Math.Max(old.Length, now.Length)).First(i => old.ElementAtOrDefault(i) != now.ElementAtOrDefault(i));
        var (was, isNow) = (old.ElementAtOrDefault(index) ?? "-", now.ElementAtOrDefault(index) ?? "-");
        return new Text($"was \"{was}\", is \"{isNow}\"", $"était « {was} », est « {isNow} »");
    }
}
