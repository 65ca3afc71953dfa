using Eclusier.Engines;
using Eclusier.Evidence;
using Eclusier.Planning;
using Eclusier.Runbooks;

namespace Eclusier.Checks;

/// <summary>A check that asks a rule of the diagnosis: how many things it counts, or else how many findings there are.</summary>
internal static class FindingCheck
{
    public static async Task<CheckResult> AskAsync(Check check, DiagnosticScope question, Expectation expectation, CheckMoment moment, Database database, CancellationToken cancellationToken)
    {
        var expected = Expectations.Describe(expectation, check.Kind);
        if (moment == CheckMoment.Rehearsal && database.WhyUnproven(question) is { } why)
            return new CheckResult(check.Name, check.Kind, Passed: false, expected, why, Skipped: true);
        try
        {
            var findings = await database.DiagnoseAsync(question, cancellationToken);
            var known = findings.Where(found => !found.Unanswered).ToList();
            var value = known.Sum(found => found.Count ?? 1).ToString(System.Globalization.CultureInfo.InvariantCulture);
            var passed = known.Count == findings.Count && (expectation.EqualTo is not { } wanted || Expectations.Same(wanted, value));
            return new CheckResult(check.Name, check.Kind, passed, expected, Found(value, findings)) { Findings = findings };
        }
        catch (RefusedException error)
        {
            return new CheckResult(check.Name, check.Kind, Passed: false, expected, error.Problem);
        }
    }

    /// <summary>The figure, and where it comes from.</summary>
    private static Text Found(string value, IReadOnlyList<Finding> findings)
    {
        if (findings.Count == 0)
            return Text.Same(value);
        var places = Text.JoinFirst([.. findings.Select(found => found.Unanswered
            ? new Text($"{found.Object}: {found.Evidence.En}", $"{found.Object} : {found.Evidence.Fr}")
            : Text.Same(found.Count is { } count ? $"{found.Object} ({count})" : found.Object))]);
        return new Text($"{value}: {places.En}", $"{value} : {places.Fr}");
    }
}
