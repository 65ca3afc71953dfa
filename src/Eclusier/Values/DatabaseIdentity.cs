namespace Eclusier.Values;

/// <summary>
/// Which database an address leads to. Two that have one address after the other (dropped and made anew, renamed, behind a tunnel that leads
/// elsewhere today) have different identities; evidence of the one says nothing of the other.
/// </summary>
public sealed record DatabaseIdentity
{
    /// <summary>The server, by what it was given when it was made: PostgreSQL's system identifier, MongoDB's replica set.</summary>
    public string Server { get => field ?? ""; init; } = "";

    /// <summary>The database, by what no other one of the server ever has: PostgreSQL's oid; the uuids of MongoDB's collections, of which one that is still there is enough.</summary>
    public IReadOnlyList<string> Marks { get; init => field = value ?? []; } = [];

    /// <summary>False also where the other one is not known.</summary>
    public bool Is(DatabaseIdentity? other) =>
        other is not null && Server == other.Server && (Marks.Count == 0 ? other.Marks.Count == 0 : Marks.Intersect(other.Marks, StringComparer.Ordinal).Any());

    /// <summary>As a plan id names it.</summary>
    public override string ToString() => $"{Server} {string.Join(' ', Marks)}";
}
