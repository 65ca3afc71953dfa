using System.Text.Json.Serialization;

namespace Eclusier.Evidence;

/// <summary>How somebody consented to what a run changes.</summary>
[JsonConverter(typeof(SnakeCase<ApprovalKind>))]
public enum ApprovalKind
{
    /// <summary>The environment's name, typed at a terminal.</summary>
    Typed,
    /// <summary>Yes, answered at a terminal.</summary>
    Answered,
    /// <summary>The plan's id, given with <c>--approve</c>.</summary>
    PlanId,
    /// <summary>The option <c>--yes</c>: nobody was asked.</summary>
    YesOption,
}

/// <param name="By">Who approved, as user@machine; null where nobody was asked.</param>
public sealed record Approval(string? By, ApprovalKind How, DateTimeOffset At)
{
    /// <summary>A sentence for the report.</summary>
    internal Text Describe(Text at)
    {
        var how = How switch
        {
            ApprovalKind.Typed => new Text("by the environment's name", "par le nom de l'environnement"),
            ApprovalKind.Answered => new Text("answered at the terminal", "réponse au terminal"),
            ApprovalKind.PlanId => new Text("by the plan's id", "par l'identifiant du plan"),
            _ => new Text("by the option --yes", "par l'option --yes"),
        };
        return By is null
            ? new Text($"Consent was given {how.En}; nobody was asked, {at.En}.", $"Consentement donné {how.Fr} ; personne n'a été interrogé, {at.Fr}.")
            : new Text($"Approved by {By} ({how.En}), {at.En}.", $"Approuvée par {By} ({how.Fr}), {at.Fr}.");
    }
}
