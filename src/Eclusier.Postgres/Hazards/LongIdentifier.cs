using System.Text;
using Eclusier.Planning;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>A name of more than 63 bytes is cut.</summary>
internal static class LongIdentifier
{
    public static HazardRule Rule { get; } = new("long-identifier", Risk.Medium, HazardEffect.Habit, Check)
    {
        Why = new(
            "PostgreSQL cuts names after 63 bytes, with a notice that nobody reads. Two long names that begin alike become the same, and the name in the code is not the name in the database.",
            "PostgreSQL coupe les noms après 63 octets, avec un avis que personne ne lit. Deux longs noms de même début deviennent le même, et le nom du code n'est pas celui de la base."),
        Bad = "alter table orders add column the_customers_own_reference_for_this_order_as_printed_on_the_delivery_note text;",
        Good = "alter table orders add column customer_reference text;",
    };

    /// <summary>NAMEDATALEN - 1.</summary>
    private const int Longest = 63;

    private static IEnumerable<HazardFinding> Check(StatementNode node, HazardContext context)
    {
        var sql = node.Statement.Sql;
        if (Encoding.UTF8.GetByteCount(sql) <= Longest)
            yield break;
        var lexer = new SqlLexer(sql, file: null);
        while (lexer.Next(out var token))
        {
            var text = lexer.Span(token);
            if (!(token.Kind == TokenKind.Word || (token.Kind == TokenKind.Literal && text[0] == '"')) || Encoding.UTF8.GetByteCount(text.Trim('"')) <= Longest)
                continue;
            var name = text.ToString();
            yield return new HazardFinding(new Text($"{name} is longer than 63 bytes and will be cut", $"{name} dépasse 63 octets et sera coupé"));
        }
    }
}
