using Eclusier.Postgres.Hazards;
using Eclusier.Postgres.Layouts;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Rollbacks;

/// <summary>What is wrong with a migration's own way back before anybody needs it: a file that nobody can run undoes nothing.</summary>
internal static class RollbackFault
{
    /// <returns>Null: there is no such file or part, or each of its statements is understood.</returns>
    public static Text? Of(MigrationFile file, string baseFolder)
    {
        try
        {
            if (RollbackScript.Of(file, baseFolder) is not { } source)
                return null;
            var script = MigrationScript.Read(source);
            HazardRules.RefuseUnknown(script.Directives, source.File ?? file.RelativePath);
            return Of(script, source.File);
        }
        catch (EclusierException fault)
        {
            return new Text($"its rollback file cannot be used: {fault.Problem.En}", $"son fichier de retour est inutilisable : {fault.Problem.Fr}");
        }
    }

    /// <returns>The first statement that PostgreSQL's grammar does not know, and its line.</returns>
    public static Text? Of(MigrationScript script, string? file) =>
        script.Statements.FirstOrDefault(node => node is { Tree: null, Statement: { Partition: null, Control: null, Input: null } }) is { } unknown
            ? new Text($"its rollback file is not understood ({file}:{unknown.Statement.Line})", $"son fichier de retour n'est pas compris ({file}:{unknown.Statement.Line})")
            : null;
}
