using System.Text.Json.Serialization;

namespace Eclusier.Evidence;

/// <summary>An extension of the dumped database, and the names that go missing with it on a server that lacks it.</summary>
/// <param name="Schema">Where its objects are, unless they say another one.</param>
/// <param name="Members">Kind of name (as the engine tells them apart) -> names; with their schema where that is another one.</param>
public sealed record DumpedExtension(string Name, string Schema, IReadOnlyDictionary<string, IReadOnlyList<string>> Members);

/// <summary>An extension that the server of a copy lacks, and what nobody can prove there therefore.</summary>
/// <param name="Package">Debian's package that brings it; null where none is known.</param>
/// <param name="Unproven">What did not come along or could not be made.</param>
public sealed record MissingExtension(string Name, string? Package, IReadOnlyList<UnprovenObject> Unproven)
{
    /// <summary>More names than this say less than their number.</summary>
    private const int MostNames = 5;

    /// <summary>Its files are there, but the server refuses it: it must be loaded when the server starts, or wants a database of its own.</summary>
    public bool Refused { get; init; }

    /// <param name="on">Where the copy is: <see cref="RehearsalPlace.ThisMachine"/>, or a server's address.</param>
    public Text Said(string? on)
    {
        var place = Place(on);
        var left = Named(Unproven);
        var without = new Text($"without extension {Name}, which {place.En} lacks", $"sans l'extension {Name}, absente de {place.Fr}");
        return left.Count switch
        {
            0 => without,
            1 => new Text($"{without.En}: {left[0].En} is unproven", $"{without.Fr}, rien n'est prouvé de : {left[0].Fr}"),
            _ => new Text($"{without.En}: {string.Join(", ", left.Select(name => name.En))} are unproven", $"{without.Fr}, rien n'est prouvé de : {string.Join(", ", left.Select(name => name.Fr))}"),
        };
    }

    /// <summary>What to do about it.</summary>
    public Text Remedy(string? on)
    {
        var machine = on is null or RehearsalPlace.ThisMachine;
        if (Refused)
            return new Text("it is installed there, but the server refuses it to this database; set rehearsal.url to a server that has it", "elle y est installée, mais le serveur la refuse à cette base ; indiquez dans rehearsal.url un serveur qui la possède");
        return (Package, machine) switch
        {
            ({ } package, true) => new Text($"apt-get install {package}, or set rehearsal.url to a server that has it", $"apt-get install {package}, ou indiquez dans rehearsal.url un serveur qui la possède"),
            ({ } package, false) => new Text($"install it there (Debian: {package}), or set rehearsal.url to a server that has it", $"installez-la là-bas (Debian : {package}), ou indiquez dans rehearsal.url un serveur qui la possède"),
            _ => new Text("install it, or set rehearsal.url to a server that has it", "installez-la, ou indiquez dans rehearsal.url un serveur qui la possède"),
        };
    }

    public static Text Place(string? on) => on is null or RehearsalPlace.ThisMachine ? new Text("this machine", "cette machine") : Text.Same(on);

    /// <summary>The first few, and how many more; what goes with another goes without saying.</summary>
    public static IReadOnlyList<Text> Named(IEnumerable<UnprovenObject> unproven)
    {
        var own = unproven.Where(found => found.Of is null).ToList();
        var rest = own.Count - MostNames;
        return [.. own.Take(MostNames).Select(found => found.Said), .. rest > 0 ? [new Text($"{rest} more", $"{rest} autres")] : Array.Empty<Text>()];
    }
}

/// <summary>Something of the source that is not on the copy, or not as it is there.</summary>
/// <param name="Kind"><c>table</c>, <c>view</c>, <c>function</c>, <c>index</c>, <c>constraint</c>, <c>column</c>, …</param>
/// <param name="Name">As a catalog snapshot writes it: <c>public.items</c>, <c>items_fkey on public.orders</c>.</param>
/// <param name="Of">The unproven table or missing extension that it goes with; null when it stands for itself.</param>
public sealed record UnprovenObject(string Kind, string Name, string? Of = null)
{
    /// <summary>Names are compared without their quotes, and functions without their parameters where only one side knows them.</summary>
    public bool Is(string kind, string name)
    {
        var (ours, theirs) = (Plain(Name), Plain(name));
        return Kind == kind && (ours == theirs || theirs.StartsWith($"{ours}(", StringComparison.Ordinal));
    }

    /// <summary>In a user's words.</summary>
    [JsonIgnore]
    public Text Said => new(ToString(), $"{French.GetValueOrDefault(Kind, Kind)} {Name.Replace(" on ", " sur ", StringComparison.Ordinal)}");

    private static readonly Dictionary<string, string> French = new(StringComparer.Ordinal)
    {
        ["view"] = "vue",
        ["materialized view"] = "vue matérialisée",
        ["foreign table"] = "table distante",
        ["sequence"] = "séquence",
        ["function"] = "fonction",
        ["procedure"] = "procédure",
        ["aggregate"] = "agrégat",
        ["operator"] = "opérateur",
        ["constraint"] = "contrainte",
        ["column"] = "colonne",
        ["trigger"] = "déclencheur",
        ["policy"] = "politique",
        ["rule"] = "règle",
        ["schema"] = "schéma",
        ["domain"] = "domaine",
        ["event trigger"] = "déclencheur d'événement",
    };

    public static string Plain(string name) => name.Replace("\"", "", StringComparison.Ordinal);

    public override string ToString() => $"{Kind} {Name}";
}
