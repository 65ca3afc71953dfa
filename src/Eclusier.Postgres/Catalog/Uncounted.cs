using Eclusier.Postgres.Layouts;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Catalog;

/// <summary>The tracking tables of all layouts, which no snapshot and no fingerprint counts.</summary>
internal static class Uncounted
{
    /// <param name="query">With <c>{uncounted}</c> and <c>{schemas}</c> where lists of names belong.</param>
    public static string FilledInto(string query) => query
        .Replace("{uncounted}", string.Join(", ", TrackingTable.Names.Select(Literal.Quote)), StringComparison.Ordinal)
        .Replace("{schemas}", string.Join(", ", TrackingTable.Schemas.Select(Literal.Quote)), StringComparison.Ordinal);
}
