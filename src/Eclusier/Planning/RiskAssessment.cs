namespace Eclusier.Planning;

/// <summary>How dangerous a step is, and why.</summary>
public static class RiskAssessment
{
    /// <summary>The worst hazard that nobody allowed; low without any.</summary>
    public static (Risk Risk, Text Reason) Of(IReadOnlyList<Hazard> hazards)
    {
        var open = hazards.Where(hazard => hazard.AllowedBecause is null).OrderByDescending(hazard => hazard.Severity).ToArray();
        if (open.Length == 0)
            return (Risk.Low, hazards.Count == 0 ? new Text("no hazard", "aucun danger") : new Text("every hazard is allowed", "tous les dangers sont autorisés"));
        var (worst, others) = (open[0], open.Length - 1);
        var reason = others == 0
            ? worst.Message
            : new Text($"{worst.Message.En} (and {others} more)", $"{worst.Message.Fr} (et {others} {(others == 1 ? "autre" : "autres")})");
        return (worst.Severity, reason);
    }
}
