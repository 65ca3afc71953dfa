using Eclusier.Planning;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>timestamp without time zone does not say which moment it is.</summary>
internal static class TimestampWithoutZone
{
    public static HazardRule Rule { get; } = new("timestamp-without-time-zone", Risk.Low, HazardEffect.Habit, Check)
    {
        Statements = ["CreateStmt", "AlterTableStmt"],
        Why = new(
            "timestamp stores what a wall clock somewhere showed; comparisons across zones and daylight saving time go wrong. timestamptz stores the moment, in the same eight bytes.",
            "timestamp garde ce que montrait une horloge quelque part ; les comparaisons entre fuseaux et aux changements d'heure sont fausses. timestamptz garde l'instant, dans les mêmes huit octets."),
        Bad = "alter table orders add column paid_at timestamp;",
        Good = "alter table orders add column paid_at timestamptz;",
    };

    private static IEnumerable<HazardFinding> Check(StatementNode node, HazardContext context) =>
        from column in NewColumns.Of(node)
        where column.Field("typeName") is { } type && TableName.Of(type.Items("names")).Name == "timestamp"
        select new HazardFinding(new Text(
            $"{column.Text("colname")} is a timestamp without time zone: timestamptz says which moment it is",
            $"{column.Text("colname")} est un timestamp sans fuseau : timestamptz dit de quel instant il s'agit"));
}
