using System.Text;
using System.Text.Json.Serialization;

namespace Eclusier.Evidence;

/// <summary>Why a step failed: what happened, where, and what to do next.</summary>
/// <param name="Message">Ours in every language; a server's in its own words.</param>
/// <param name="Code">The server's error code (SQLSTATE), when it gave one.</param>
/// <param name="Where"><c>file:line:column</c> of the statement; null where there is no such place.</param>
public sealed record StepError(Text Message, string? Code, string? Where)
{
    /// <summary>What the server said beyond its message: the key, the view, the policy that is in the way.</summary>
    public string? Detail { get; init; }

    /// <summary>The server's own advice.</summary>
    public string? Hint { get; init; }

    /// <summary>Where it happened inside the server: the line of a COPY, the functions that were called.</summary>
    public string? Context { get; init; }

    /// <summary>What to do next, where the server does not say.</summary>
    public Text? Remedy { get; init; }

    /// <summary>Who held the lock that could not be had, when that was the reason.</summary>
    public Text? BlockedBy { get; init; }

    /// <summary>The server's words to the letter: what they are about is read from these. Never shown.</summary>
    [JsonIgnore]
    public string? Whole { get; init; }

    /// <summary>A step that was refused before it began.</summary>
    public static StepError Of(EclusierException refusal) => new(refusal.Problem, null, refusal.Where) { Remedy = refusal.Remedy };

    /// <summary>Everything that is known of it, in one line.</summary>
    [JsonIgnore]
    public Text Summary => new(In(Language.En), In(Language.Fr));

    private string In(Language language)
    {
        var said = new StringBuilder(Message.In(language));
        if (Where is not null)
            said.Append(" (").Append(Where).Append(')');
        Add(new Text("; blocked by ", " ; bloquée par "), BlockedBy?.In(language));
        Add(new Text("; detail: ", " ; détail : "), Detail);
        Add(new Text("; context: ", " ; contexte : "), Context);
        Add(new Text("; hint: ", " ; conseil : "), Hint);
        Add(new Text("; next: ", " ; à faire : "), Remedy?.In(language));
        return said.ToString();

        void Add(Text title, string? words)
        {
            if (!string.IsNullOrEmpty(words))
                said.Append(title.In(language)).Append(words.ReplaceLineEndings(" "));
        }
    }
}
