namespace Eclusier;

/// <summary>The languages a user can read Eclusier in.</summary>
public enum Language
{
    En,
    Fr,
}

/// <summary>
/// A sentence for a user, in every language we speak. Both stand side by side where the sentence is made,
/// so that the compiler finds the missing translation.
/// </summary>
public sealed record Text(string En, string Fr)
{
    public string In(Language language) => language == Language.Fr ? Fr : En;

    /// <summary>A name, a number or a server's own message: the same in every language.</summary>
    public static Text Same(string text) => new(text, text);

    public override string ToString() => En;
}
