using System.Text.Json.Serialization;

namespace Eclusier.Planning;

/// <summary>Whether a step can be undone.</summary>
[JsonConverter(typeof(SnakeCase<Reversible>))]
public enum Reversible
{
    /// <summary>By its rollback file, or by SQL made from the catalog as it was before.</summary>
    Yes,
    /// <summary>Not by itself: nobody can tell from the catalog what it did.</summary>
    No,
    /// <summary>What it destroys does not come back, whatever undoes the rest.</summary>
    LosesData,
}

public static class ReversibleNames
{
    public static Text Name(this Reversible reversible) => reversible switch
    {
        Reversible.Yes => new Text("yes", "oui"),
        Reversible.No => new Text("no", "non"),
        _ => new Text("loses data", "perd des données"),
    };
}
