using Eclusier.Redaction;

namespace Eclusier.Values;

/// <summary>The languages a user can read Eclusier in.</summary>
public enum Language
{
    En,
    Fr,
}

/// <summary>
/// A sentence for a user, in every language we speak. Both stand side by side where the sentence is made,
/// so that the compiler finds the missing translation. What is put into it may be a user's or a server's: no secret stays in it,
/// and nothing that a terminal would obey.
/// </summary>
public sealed record Text(string En, string Fr)
{
    public string En { get; init; } = Visible.Of(Secrets.WithoutUnmistakable(En));

    public string Fr { get; init; } = Visible.Of(Secrets.WithoutUnmistakable(Fr));

    public string In(Language language) => language == Language.Fr ? Fr : En;

    /// <summary>For a place that is one line: a name with a line break in it begins no line of its own.</summary>
    public string LineIn(Language language) => Visible.Line(In(language));

    /// <summary>A name, a number or a server's own message: the same in every language.</summary>
    public static Text Same(string text) => new(text, text);

    /// <summary>A number and its noun: <c>1 migration</c>, <c>2 migrations</c>. French counts zero like one.</summary>
    public static Text Count(long count, string one, string many, string un, string plusieurs) =>
        new($"{count} {(count == 1 ? one : many)}", $"{count} {(count < 2 ? un : plusieurs)}");

    /// <summary>Several sentences as one. French puts a space before its semicolon.</summary>
    public static Text Join(IEnumerable<Text> texts)
    {
        var all = texts.ToList();
        return new Text(string.Join("; ", all.Select(text => text.En)), string.Join(" ; ", all.Select(text => text.Fr)));
    }

    /// <summary>The first five of several sentences, and how many more there are.</summary>
    public static Text JoinFirst(IReadOnlyList<Text> texts)
    {
        const int Named = 5;
        var more = texts.Count - Named;
        return Join(more <= 0 ? texts : texts.Take(Named).Append(new Text($"and {more} more", $"et {more} {(more == 1 ? "autre" : "autres")}")));
    }

    public override string ToString() => En;
}
