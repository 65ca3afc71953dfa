using Eclusier.Planning;

namespace Eclusier.Postgres.Sql;

/// <summary>Statements that have no place in a migration: nobody is there who answers, reads or listens, or they would end what the tool itself holds.</summary>
internal static class UnsuitableStatement
{
    /// <returns>Null when it has its place.</returns>
    public static Text? Why(TreeNode? tree) => tree switch
    {
        null => null,
        { Type: "CopyStmt" } copy when !copy.Flag("is_from") && !copy.Flag("is_program") && copy.Text("filename").Length == 0 =>
            new("COPY … TO STDOUT (nobody reads what it writes)", "COPY … TO STDOUT (personne ne lit ce qu'elle écrit)"),
        { Type: "ListenStmt" } => new("LISTEN (it ends with the session, and nobody hears it)", "LISTEN (elle prend fin avec la session, et personne n'écoute)"),
        { Type: "DiscardStmt" } discard when discard.Text("target") == "DISCARD_ALL" =>
            new("DISCARD ALL (it would give up the lock of this run; RESET ALL and DISCARD TEMP do the rest)", "DISCARD ALL (elle rendrait le verrou de cette exécution ; RESET ALL et DISCARD TEMP font le reste)"),
        { Type: "TransactionStmt" } control when control.Text("kind").EndsWith("PREPARED", StringComparison.Ordinal) || control.Text("kind") == "TRANS_STMT_PREPARE" =>
            new("PREPARE TRANSACTION and its kin (what is prepared stays open, with its locks, when the migration is over)", "PREPARE TRANSACTION et ses semblables (ce qui est préparé reste ouvert, avec ses verrous, après la migration)"),
        { Type: "VariableSetStmt" } set when Encoding(set) is { } encoding =>
            new($"client_encoding = {encoding} (files are read and sent as UTF-8)", $"client_encoding = {encoding} (les fichiers sont lus et envoyés en UTF-8)"),
        { Type: "PrepareStmt" or "CreateFunctionStmt" } => null,
        _ when tree.Descendants("ParamRef").Any() => new("a parameter such as $1 (nobody gives it a value)", "un paramètre tel que $1 (personne ne lui donne de valeur)"),
        _ => null,
    };

    /// <exception cref="InvalidInputException">One of the statements has no place in a migration.</exception>
    public static void Refuse(IEnumerable<Statement> statements, string file)
    {
        if (statements.FirstOrDefault(statement => statement.Unsuitable is not null) is { Unsuitable: { } why } found)
            throw new InvalidInputException(Problem(why), Place(found, file), Remedy);
    }

    /// <exception cref="MigrationFailedException">As above, where a step has come to be applied all the same.</exception>
    public static void Refuse(Step step)
    {
        if (step.Statements.FirstOrDefault(statement => statement.Unsuitable is not null) is { Unsuitable: { } why } found)
            throw new MigrationFailedException(Problem(why), Place(found, step.File), Remedy);
    }

    public static string Place(Statement statement, string file) => $"{statement.IncludedFrom ?? file}:{statement.Line}:{statement.Column}";

    private static Text Problem(Text why) => new($"A statement that cannot stand in a migration: {why.En}.", $"Une instruction qui n'a pas sa place dans une migration : {why.Fr}.");

    private static Text Remedy => new("Take it out of the file.", "Retirez-la du fichier.");

    /// <summary>One that is not UTF-8, by whatever of its names.</summary>
    private static string? Encoding(TreeNode set) =>
        set.Text("name").Equals("client_encoding", StringComparison.OrdinalIgnoreCase) && set.Items("args").FirstOrDefault()?.Field("sval")?.Text("sval") is { } encoding
        && !encoding.Replace("-", "", StringComparison.Ordinal).Equals("utf8", StringComparison.OrdinalIgnoreCase) && !encoding.Equals("unicode", StringComparison.OrdinalIgnoreCase)
            ? encoding
            : null;
}
