using System.Text;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>A remedy: SQL in the order in which it is to run, each list of statements in a migration of its own.</summary>
internal sealed class Rollout
{
    private readonly List<(bool Transactional, List<string> Statements)> _migrations = [];

    public Rollout(params IEnumerable<string> statements) => Then(statements);

    /// <summary>A further migration, once the ones before are committed. What cannot run in a transaction is kept from the rest.</summary>
    public Rollout Then(params IEnumerable<string> statements)
    {
        var opened = false;
        foreach (var statement in statements)
        {
            var transactional = StatementClassifier.Tree(LibPgQuery.Parse(statement)) is not { } tree || !TransactionBlocks.Refuse(tree);
            if (!opened || _migrations[^1].Transactional != transactional)
                _migrations.Add((transactional, []));
            _migrations[^1].Statements.Add(statement);
            opened = true;
        }

        return this;
    }

    /// <summary>The first migration as it is to be written; the later ones as comments, so that a copy of the whole does not run them too early.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var (number, (transactional, statements)) in _migrations.Index())
        {
            if (number > 0)
                text.Append("-- in a later migration:\n");
            foreach (var statement in statements)
                text.Append(number > 0 ? $"-- {statement.ReplaceLineEndings("\n-- ")};\n" : $"{statement};\n");
            if (number == 0 && !transactional)
                text.Append("-- in a migration of its own: it cannot run in a transaction\n");
        }

        return text.ToString().TrimEnd('\n');
    }
}
