namespace Eclusier.Postgres.Sql;

/// <summary>A line that speaks to psql and not to the server. See https://www.postgresql.org/docs/current/app-psql.html#APP-PSQL-META-COMMANDS.</summary>
/// <param name="Name">With its backslash: <c>\ir</c>.</param>
/// <param name="Argument">The rest of the line, without quotes.</param>
/// <param name="Offset">Where it begins in its script, in characters.</param>
/// <param name="Where">The same as <c>file:line:column</c>.</param>
internal sealed record PsqlCommand(string Name, string Argument, int Offset, string Where)
{
    /// <summary>They print, measure or guard psql; what reaches the server is the same without them. pg_dump itself writes <c>\restrict</c>.</summary>
    private static readonly string[] WithoutEffect = [@"\echo", @"\qecho", @"\warn", @"\timing", @"\pset", @"\x", @"\restrict", @"\unrestrict"];

    /// <summary>The variables that change what psql prints. ON_ERROR_STOP switched on is how a migration runs anyway.</summary>
    private static readonly string[] PrintingVariables = ["ECHO", "ECHO_HIDDEN", "QUIET", "VERBOSITY", "SHOW_CONTEXT", "PROMPT1", "PROMPT2", "PROMPT3"];

    /// <summary><c>\i</c> is relative to where psql was started, <c>\ir</c> to the file that it stands in.</summary>
    public bool Includes => Name is @"\i" or @"\include" or @"\ir" or @"\include_relative";

    public bool IsRelativeToItsFile => Name is @"\ir" or @"\include_relative";

    /// <param name="line">From the backslash to the end of the line.</param>
    /// <exception cref="InvalidInputException">It would change what runs, or more than one command stands on the line.</exception>
    public static PsqlCommand Read(string line, int offset, string where)
    {
        var end = line.IndexOfAny([' ', '\t', ';']);
        var name = end < 0 ? line : line[..end];
        var argument = end < 0 ? "" : line[end..].Trim();
        if (argument.Contains('\\'))
            throw Refused(line, where, new Text("Give each command of psql its own line.", "Placez chaque commande de psql sur sa propre ligne."));
        var command = new PsqlCommand(name, Unquoted(argument), offset, where);
        return command.Includes || command.IsWithoutEffect() ? command : throw Refused(name, where, command.Remedy());
    }

    public EclusierException InsideStatement() => Refused(
        Name, Where, new Text("End the statement before it with a semicolon.", "Terminez l'instruction qui la précède par un point-virgule."));

    private bool IsWithoutEffect()
    {
        var words = Argument.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        return WithoutEffect.Contains(Name) || Name switch
        {
            @"\encoding" => words is [var encoding] && encoding.Trim('\'').Replace("-", "", StringComparison.Ordinal).Equals("utf8", StringComparison.OrdinalIgnoreCase),
            @"\set" => words is ["ON_ERROR_STOP", "1" or "on" or "true"] || (words is [var variable, ..] && PrintingVariables.Contains(variable)),
            _ => false,
        };
    }

    private Text Remedy() => Name switch
    {
        @"\set" or @"\unset" or @"\gset" => new Text("Write the value where it is used: psql's variables are not replaced.", "Écrivez la valeur là où elle sert : les variables de psql ne sont pas remplacées."),
        @"\copy" => new Text("Use COPY … FROM stdin, with the data below it.", "Utilisez COPY … FROM stdin, avec les données en dessous."),
        @"\c" or @"\connect" => new Text("A migration runs on one database: name it in the runbook.", "Une migration s'exécute sur une seule base : nommez-la dans le runbook."),
        _ => new Text("Write it as SQL, or remove it.", "Écrivez-la en SQL, ou retirez-la."),
    };

    private static EclusierException Refused(string what, string where, Text remedy) => new InvalidInputException(
        new Text($"{what}: this command of psql cannot stand here in a migration.", $"{what} : cette commande de psql n'a pas sa place ici dans une migration."),
        where,
        remedy);

    private static string Unquoted(string argument) =>
        argument is ['\'', .. var inside, '\''] ? inside.Replace("''", "'", StringComparison.Ordinal) : argument;
}
