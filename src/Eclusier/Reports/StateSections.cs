using Eclusier.Evidence;

namespace Eclusier.Reports;

/// <summary>The database before and after, and the invariants.</summary>
internal static class StateSections
{
    public static void Before(MarkdownWriter to, RunRecord record)
    {
        if (record.Inspection is not { } found)
            return;
        to.Section("State before", "État avant migration");
        to.Table(["", ""], Facts(to, found).Select(fact => new[] { fact.Name, fact.Value }));
    }

    public static void After(MarkdownWriter to, RunRecord record)
    {
        if (record.After is { } after && record.Inspection is { } before)
        {
            to.Section("State after", "État après migration");
            to.Table(
                ["", to.Say("before", "avant"), to.Say("after", "après")],
                Facts(to, before).Zip(Facts(to, after), (was, isNow) => new[] { was.Name, was.Value, isNow.Value }));
        }

        if (record.Invariants.Count > 0)
        {
            to.Section("Invariants", "Invariants");
            to.Table(
                ["Invariant", to.Say("before", "avant"), to.Say("after", "après"), "Verdict"],
                record.Invariants.Select(invariant => new[]
                {
                    invariant.Name, invariant.Before, invariant.After ?? "-", invariant.After is null ? "-" : VerdictName.OfCheck(invariant.Passed).In(to.Language),
                }));
        }
    }

    private static IEnumerable<(string Name, string Value)> Facts(MarkdownWriter to, Inspection found)
    {
        yield return (found.System.Name(), found.ServerVersion);
        yield return (to.Say("Size", "Taille"), to.Formats.Bytes(found.SizeBytes));
        if (found.System == DatabaseSystem.MongoDb)
        {
            yield return ("Collections", to.Formats.Number(found.Collections.Count));
            yield return ("Documents", to.Formats.Number(found.Collections.Sum(collection => collection.Documents)));
            yield return (to.Say("Indexes", "Index"), to.Formats.Number(found.IndexCount));
            yield break;
        }

        yield return ("Tables", to.Formats.Number(found.Tables.Count));
        yield return (to.Say("Indexes", "Index"), to.Formats.Number(found.IndexCount));
        yield return (to.Say("Invalid indexes", "Index invalides"), found.InvalidIndexes.Count == 0 ? "0" : string.Join(", ", found.InvalidIndexes));
        yield return (to.Say("Tables with row security", "Tables avec sécurité par ligne"), to.Formats.Number(found.Tables.Count(table => table.RowSecurity)));
        yield return (to.Say("Migrations applied", "Migrations appliquées"), $"{found.Tracking?.Applied}{(found.Tracking?.LastVersion is { } last ? $" ({to.Say("last", "dernière")} {last})" : "")}");
        yield return (to.Say("Long transactions", "Transactions longues"), to.Formats.Number(found.LongTransactions.Count));
    }
}
