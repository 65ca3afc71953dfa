using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Layouts;

/// <summary>A migration's file as its tool reads it.</summary>
/// <param name="Up">What it does; lines keep their numbers.</param>
public sealed record MigrationParts(ScriptSource Up)
{
    /// <summary>What undoes it; null when the file does not say.</summary>
    public ScriptSource? Down { get; init; }

    /// <summary>Its tool would run it outside a transaction.</summary>
    public bool NoTransaction { get; init; }
}
