namespace Eclusier.Runbooks;

/// <summary>What a check says about being compared before and after: <c>compare</c>, <c>faster</c>, and the former words of its query in <c>before</c>.</summary>
/// <param name="BeforeQuery">Null: the query's own words.</param>
internal sealed record ComparisonSection(bool Compare, double? Faster, string? BeforeQuery)
{
    /// <param name="sql">The check asks PostgreSQL.</param>
    public static ComparisonSection Read(RunbookNode node, RunbookNode? before, bool sql)
    {
        var (compare, faster) = (node.Find("compare"), node.Find("faster"));
        var former = before?.IsMapping == true ? before.Find("sql") : null;
        if (!sql)
        {
            compare?.Error("\"compare\" belongs to a check with \"sql\"", "« compare » appartient à un contrôle avec « sql »");
            faster?.Error("\"faster\" belongs to a check with \"sql\"", "« faster » appartient à un contrôle avec « sql »");
            former?.Error("\"before.sql\" belongs to a check with \"sql\"", "« before.sql » appartient à un contrôle avec « sql »");
            return new ComparisonSection(Compare: false, null, null);
        }

        var (wanted, ratio) = (compare?.Boolean(), faster?.Fraction(0.01, 1_000_000));
        if (wanted == false && faster is not null)
            compare!.Error("\"faster\" is known by comparing: leave \"compare: false\" out", "« faster » se sait en comparant : retirez « compare: false »");
        return new ComparisonSection(wanted ?? (faster ?? former ?? node.Find("under")) is not null, ratio, former?.Sql());
    }
}
