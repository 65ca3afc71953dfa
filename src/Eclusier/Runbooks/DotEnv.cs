namespace Eclusier.Runbooks;

/// <summary><c>.env</c>: NAME=VALUE a line, perhaps with <c>export</c>, quotes and comments.</summary>
internal static class DotEnv
{
    /// <exception cref="EclusierException">A line is no assignment.</exception>
    public static IReadOnlyDictionary<string, string> Read(string file)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        if (!File.Exists(file))
            return values;
        foreach (var (index, raw) in File.ReadLines(file).Index())
        {
            var line = raw.Trim();
            if (line.Length == 0 || line[0] == '#')
                continue;
            if (line.StartsWith("export ", StringComparison.Ordinal))
                line = line[7..].TrimStart();
            var equals = line.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                throw new InvalidInputException(
                    new Text("A line of .env is not NAME=VALUE.", "Une ligne de .env n'est pas NOM=VALEUR."),
                    $"{file}:{index + 1}",
                    new Text("Mend or remove that line.", "Corrigez ou supprimez cette ligne."));
            }

            values[line[..equals].TrimEnd()] = Value(line[(equals + 1)..].Trim());
        }

        return values;
    }

    private static string Value(string text)
    {
        if (text.Length >= 2 && text[0] is '"' or '\'' && text.IndexOf(text[0], 1) is > 0 and var end)
            return text[0] == '"' ? text[1..end].Replace("\\n", "\n", StringComparison.Ordinal) : text[1..end];
        var comment = text.IndexOf(" #", StringComparison.Ordinal);
        return comment < 0 ? text : text[..comment].TrimEnd();
    }
}
