using Eclusier.Evidence;
using Eclusier.Planning;

namespace Eclusier.Cli.Rendering;

/// <summary>The verdicts, the objects that speak against one, and what nothing explains.</summary>
internal static class BaselineView
{
    private const int MostObjects = 8;

    public static string Of(Baseline baseline, Language language)
    {
        var width = baseline.Verdicts.Max(verdict => Name(verdict).Length);
        var lines = baseline.Verdicts.SelectMany(verdict => Lines(verdict, width, language)).ToList();
        lines.AddRange(baseline.Replacements.Select(proof => $"{(proof.Equivalent ? "=" : "!")} {Said(proof).LineIn(language)}"));
        lines.AddRange(baseline.WithoutFile.Select(row => $"! {new Text($"{MigrationTitle.Of(row.Version, row.Name)} is recorded, but has no file", $"{MigrationTitle.Of(row.Version, row.Name)} est enregistrée, mais n'a pas de fichier").LineIn(language)}"));
        if (baseline.WithoutFile.Count > 0)
            lines.Add($"    {new Text("eclusier baseline --recover writes those whose text the tracking table keeps", "eclusier baseline --recover écrit celles dont la table de suivi garde le texte").LineIn(language)}");
        if (baseline.Drift.Count > 0)
            lines.AddRange([new Text("drift that no migration explains:", "dérive qu'aucune migration n'explique :").LineIn(language), .. Some(baseline.Drift.Select(Drifted))]);
        lines.AddRange(baseline.Notes.Select(note => note.LineIn(language)));
        lines.AddRange(Left(baseline).Select(line => line.LineIn(language)));
        return string.Join('\n', lines);
    }

    /// <summary>All that a person must say, in one place, and how.</summary>
    private static IEnumerable<Text> Left(Baseline baseline)
    {
        if (baseline.ToSettle is not [var first, ..] left)
            yield break;
        yield return new Text("to settle, or `migrate` runs nothing:", "à trancher, sinon `migrate` n'exécute rien :");
        foreach (var verdict in left)
            yield return new Text($"    {Name(verdict)}  {verdict.Verdict.Name().En}", $"    {Name(verdict)}  {verdict.Verdict.Name().Fr}");
        yield return new Text(
            $"    by your word: eclusier baseline --mark {first.Migration}=present (or {first.Migration}=absent) --because \"…\"; or by a query under migrations.probe",
            $"    par votre parole : eclusier baseline --mark {first.Migration}=present (ou {first.Migration}=absent) --because \"…\" ; ou par une requête dans migrations.probe");
    }

    /// <summary>In one line.</summary>
    public static Text Counts(Baseline baseline)
    {
        int Of(BaselineVerdict verdict) => baseline.Verdicts.Count(found => found.Verdict == verdict);
        var inferred = baseline.Verdicts.Count(found => found is { Verdict: BaselineVerdict.Present, IsInferred: true });
        return new Text(
            $"{Of(BaselineVerdict.Present)} present{(inferred == 0 ? "" : $" ({inferred} of them inferred)")}, {Of(BaselineVerdict.Absent)} absent, {Of(BaselineVerdict.Partial)} partial, {Of(BaselineVerdict.Undecidable)} undecidable; {baseline.Verdicts.Count(found => found.ToRecord)} to record",
            $"{Of(BaselineVerdict.Present)} présente(s){(inferred == 0 ? "" : $" (dont {inferred} par déduction)")}, {Of(BaselineVerdict.Absent)} absente(s), {Of(BaselineVerdict.Partial)} partielle(s), {Of(BaselineVerdict.Undecidable)} indécidable(s) ; {baseline.Verdicts.Count(found => found.ToRecord)} à enregistrer");
    }

    private static IEnumerable<string> Lines(MigrationVerdict verdict, int width, Language language)
    {
        yield return $"{Name(verdict).PadRight(width)}  {Said(verdict).LineIn(language),-11}  {State(verdict).LineIn(language),-13}  {(verdict.NotNeeded ?? verdict.Reason).LineIn(language)}";
        if (!verdict.Unsettled)
            yield break;
        foreach (var line in Some(verdict.Findings.Where(found => found.Finding is Presence.Missing or Presence.Different).Select(found => $"{(found.Finding == Presence.Missing ? '-' : '~')} {found}")))
            yield return line;
    }

    private static IEnumerable<string> Some(IEnumerable<string> lines)
    {
        var all = lines.ToList();
        return all.Take(MostObjects).Select(line => $"    {line}").Concat(all.Count > MostObjects ? [$"    … {all.Count - MostObjects}"] : []);
    }

    private static Text State(MigrationVerdict verdict) =>
        verdict.Recorded ? new Text("recorded", "enregistrée")
        : verdict.NotNeeded is not null ? new Text("not needed", "sans objet")
        : verdict.ToRecord ? new Text("to record", "à enregistrer")
        : verdict.Verdict == BaselineVerdict.Absent ? new Text("pending", "à appliquer")
        : new Text("to settle", "à trancher");

    private static Text Said(MigrationVerdict verdict) =>
        verdict is { Verdict: BaselineVerdict.Present, IsInferred: true } ? new Text("inferred", "déduite") : verdict.Verdict.Name();

    private static Text Said(ReplacementProof proof) => proof.Equivalent
        ? new Text($"{proof.Migration} leads where {string.Join(", ", proof.Replaces)} lead (equal fingerprints)", $"{proof.Migration} mène là où mènent {string.Join(", ", proof.Replaces)} (empreintes égales)")
        : new Text($"{proof.Migration} does not lead where {string.Join(", ", proof.Replaces)} lead: {string.Join(", ", proof.Differences.Take(MostObjects))}", $"{proof.Migration} ne mène pas là où mènent {string.Join(", ", proof.Replaces)} : {string.Join(", ", proof.Differences.Take(MostObjects))}");

    private static string Drifted(ObjectDifference found) => $"{(found.Difference switch { DifferenceSide.LeftOnly => '-', DifferenceSide.RightOnly => '+', _ => '~' })} {found.Kind} {found.Name}";

    private static string Name(MigrationVerdict verdict) => MigrationTitle.Of(verdict.Migration, verdict.Name);
}
