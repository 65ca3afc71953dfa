using Eclusier.Planning;

namespace Eclusier.Postgres.Hazards;

/// <summary>How dangerous a step is, and why.</summary>
public static class RiskAssessment
{
    /// <summary>The worst hazard that nobody allowed; without any, low, and what the statements do.</summary>
    public static (Risk Risk, Text Reason) Of(IReadOnlyList<Statement> statements, IReadOnlyList<Hazard> hazards)
    {
        var open = hazards.Where(hazard => hazard.AllowedBecause is null).OrderByDescending(hazard => hazard.Severity).ToArray();
        if (open.Length == 0)
            return (Risk.Low, StatementSummary.Of(statements));
        var (worst, others) = (open[0], open.Length - 1);
        var reason = others == 0
            ? worst.Message
            : new Text($"{worst.Message.En} (and {others} more)", $"{worst.Message.Fr} (et {others} {(others == 1 ? "autre" : "autres")})");
        return (worst.Severity, reason);
    }
}
