using Eclusier.Planning;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Sessions;

/// <summary>What a file has made in its session besides settings, and what was lost with the session when it was cut off.</summary>
internal static class SessionObjects
{
    /// <summary>Prepares and loads again what the statements that have run had prepared and loaded.</summary>
    /// <param name="done">Statements that have run.</param>
    /// <exception cref="MigrationFailedException">One had made a temporary table: what was in it is lost, and another table may have its name.</exception>
    public static async Task MakeAgainAsync(StepContext step, int done, CancellationToken cancellationToken)
    {
        foreach (var statement in step.Step.Statements.Take(done))
        {
            if (statement is { Control: null, RolledBack: false, Partition: null } && IsTemporary(StatementClassifier.Tree(LibPgQuery.Parse(statement.Sql))))
                throw Lost(step, statement, done);
            if (statement.Kind is not ("load" or "prepare"))
                continue;
            await step.Session.EnterAsync(cancellationToken);
            await step.Sender.SendAsync([(new(statement.Sql), statement)], cancellationToken);
            await step.Session.LeaveAsync(cancellationToken);
        }
    }

    private static bool IsTemporary(TreeNode? tree) =>
        tree is not null && new[] { tree.Field("relation"), tree.Field("view"), tree.Field("sequence"), tree.Field("into")?.Field("rel"), tree.Field("intoClause")?.Field("rel") }
            .Any(made => made?.Text("relpersistence") == "t");

    private static EclusierException Lost(StepContext step, Statement statement, int done) => new MigrationFailedException(
        new Text(
            $"{step.Step.Migration} was cut off after {done} of its statements, and the temporary table that one of them had made went with its session.",
            $"{step.Step.Migration} a été coupée après {done} de ses instructions, et la table temporaire que l'une d'elles avait créée a disparu avec sa session."),
        step.Step.Place(statement),
        new Text(
            $"Undo by hand what those statements did, delete the migration's row from {StepProgress.Table(step.Tracking)}, and run `migrate` again.",
            $"Annulez à la main ce que ces instructions ont fait, supprimez la ligne de la migration dans {StepProgress.Table(step.Tracking)}, puis relancez `migrate`."));
}
