using Eclusier.Evidence;

namespace Eclusier.Reports;

/// <summary>The target beside the environment that it should equal; where the run did not come so far, its restored copy.</summary>
internal static class ReferenceSection
{
    public static void Write(MarkdownWriter to, RunRecord record)
    {
        if ((record.Reference ?? record.Rehearsal?.Reference) is not { } found)
            return;
        to.Section($"Comparison with {found.Environment}", $"Comparaison avec {found.Environment}");
        if (found.Comparison is not { } comparison)
        {
            to.Paragraph(to.Say($"Not compared: {found.Problem?.En}", $"Non comparé : {found.Problem?.Fr}"));
            return;
        }

        var compared = record.Reference is null ? to.Say("restored copy", "copie restaurée") : record.Environment;
        to.Paragraph(comparison.Equal ? to.Say("Equal.", "Identiques.") : Different(to, record, found));
        to.Table(
            ["", to.Say("Database", "Base"), to.Say("Fingerprint", "Empreinte")],
            [[compared, comparison.Left, comparison.LeftFingerprint], [found.Environment, comparison.Right, comparison.RightFingerprint]]);
        if (!comparison.Equal)
            to.Table([to.Say("Object", "Objet"), to.Say("Difference", "Différence")], comparison.Objects.Select(each => new[] { $"{each.Kind} {each.Name}", found.Side(each).In(to.Language) }));
    }

    private static string Different(MarkdownWriter to, RunRecord record, ReferenceEvidence found) => to.Say(
        $"{found.Summary.En}; `eclusier diff {record.Environment} {found.Environment}` shows the definitions.",
        $"{found.Summary.Fr} ; `eclusier diff {record.Environment} {found.Environment}` montre les définitions.");
}
