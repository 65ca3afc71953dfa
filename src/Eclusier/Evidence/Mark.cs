using Eclusier.Planning;

namespace Eclusier.Evidence;

/// <summary>What a person says of one migration: <c>--mark VERSION=present</c> or <c>=absent</c>, and why.</summary>
/// <param name="Migration">As it was written: a version, or a file's name.</param>
public sealed record Mark(string Migration, BaselineVerdict Verdict, string Because)
{
    /// <exception cref="InvalidInputException">One cannot be read, or nobody says why.</exception>
    public static IReadOnlyList<Mark> Read(IReadOnlyList<string> texts, string? because)
    {
        if (texts.Count == 0 && because is null)
            return [];
        if (texts.Count == 0 || string.IsNullOrWhiteSpace(because))
        {
            throw new InvalidInputException(
                new Text("--mark and --because go together.", "--mark et --because vont ensemble."), null,
                new Text("eclusier baseline --mark 002=present --because \"the seed's rows are there\"", "eclusier baseline --mark 002=present --because \"les lignes de départ sont là\""));
        }

        return [.. texts.Select(text => Read(text, because.Trim()))];
    }

    /// <summary>The marks by the versions of the migrations that they name.</summary>
    /// <exception cref="EclusierException">As <see cref="For"/>; or one migration is marked present and absent (<see cref="InvalidInputException"/>).</exception>
    internal static IReadOnlyDictionary<string, Mark> ByVersion(IReadOnlyList<Mark> marks, IReadOnlyList<MigrationName> names, IReadOnlySet<string> applied)
    {
        var found = new Dictionary<string, Mark>(StringComparer.Ordinal);
        foreach (var mark in marks.Select(mark => mark.For(names, applied)))
        {
            if (!found.TryAdd(mark.Migration, mark) && found[mark.Migration].Verdict != mark.Verdict)
            {
                throw new InvalidInputException(
                    new Text($"{mark.Migration} is marked present and absent.", $"{mark.Migration} est marquée présente et absente."), "--mark",
                    new Text("Look whether it has run, and say one of the two.", "Vérifiez si elle a été exécutée, et dites l'un des deux."));
            }
        }

        return found;
    }

    /// <summary>The mark under the version of the migration that it names.</summary>
    /// <exception cref="InvalidInputException">There is no such migration, or it is recorded as applied and marked absent.</exception>
    private Mark For(IReadOnlyList<MigrationName> names, IReadOnlySet<string> applied)
    {
        var version = MigrationOrder.Find(Migration, names, "--mark", where: null).Version;
        if (Verdict == BaselineVerdict.Absent && applied.Contains(version))
        {
            throw new InvalidInputException(
                new Text($"{version} is recorded as applied: a mark does not take its row away.", $"{version} est enregistrée comme appliquée : une marque ne retire pas sa ligne."), version,
                new Text("Undo it with `eclusier rollback`; or, if it never ran, delete its row from the tracking table.", "Annulez-la avec `eclusier rollback` ; ou, si elle n'a jamais été exécutée, supprimez sa ligne de la table de suivi."));
        }

        return this with { Migration = version };
    }

    private static Mark Read(string text, string because)
    {
        var equals = text.LastIndexOf('=');
        BaselineVerdict? verdict = equals < 1 ? null : text[(equals + 1)..].Trim().ToLowerInvariant() switch { "present" => BaselineVerdict.Present, "absent" => BaselineVerdict.Absent, _ => null };
        return verdict is null
            ? throw new InvalidInputException(
                new Text($"\"{text}\" is no mark.", $"« {text} » n'est pas une marque."), "--mark",
                new Text("Write VERSION=present (it has run) or VERSION=absent (it has not).", "Écrivez VERSION=present (elle a été exécutée) ou VERSION=absent (elle ne l'a pas été)."))
            : new Mark(text[..equals].Trim(), verdict.Value, because);
    }
}
