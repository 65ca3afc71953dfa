namespace Eclusier.Postgres.Connections;

/// <summary>
/// What libpq makes of an address: what it says itself, then what its service says, then the environment, in this order.
/// See https://www.postgresql.org/docs/current/libpq-envars.html and https://www.postgresql.org/docs/current/libpq-pgservice.html.
/// </summary>
internal static class PostgresSettings
{
    /// <summary>Parameters by libpq's name, none of them empty.</summary>
    /// <exception cref="InvalidInputException">Not an address of PostgreSQL, an unknown parameter, or no such service.</exception>
    public static Dictionary<string, string> Resolve(DatabaseUrl url, LibpqEnvironment environment)
    {
        var settings = Written(url);
        if (settings.Keys.FirstOrDefault(name => !PostgresUrlParameter.IsKnown(name)) is { } unknown)
            throw Unknown(unknown, url);
        if (url.IsIsolated)
            return settings;
        if ((settings.GetValueOrDefault("service") ?? environment.Variable("PGSERVICE")) is { Length: > 0 } service)
            Add(settings, ServiceFile.Read(service, environment));
        Add(settings, PostgresUrlParameter.Variables.Select(known => (known.Name, environment.Variable(known.Variable) ?? "")));
        return settings;
    }

    /// <summary>The same address, another database.</summary>
    public static string WithDatabase(DatabaseUrl url, string database)
    {
        var text = url.Reveal();
        if (ConnectionText.Is(text))
            return $"{text} dbname='{database.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("'", @"\'", StringComparison.Ordinal)}'";
        var parts = PostgresUrlParts.Split(text) ?? throw NotAUrl(url);
        var query = parts.Query.Split('&', StringSplitOptions.RemoveEmptyEntries).Where(pair => !pair.StartsWith("dbname=", StringComparison.Ordinal)).ToArray();
        return $"{parts.UpToServers}/{Uri.EscapeDataString(database)}{(query.Length == 0 ? "" : "?" + string.Join('&', query))}";
    }

    private static void Add(Dictionary<string, string> settings, IEnumerable<(string Name, string Value)> more)
    {
        foreach (var (name, value) in more)
        {
            if (value.Length > 0)
                settings.TryAdd(name, value);
        }
    }

    private static Dictionary<string, string> Written(DatabaseUrl url)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal);
        var text = url.Reveal();
        if (ConnectionText.Is(text))
        {
            foreach (var (name, value) in ConnectionText.Parse(text) ?? throw NotAUrl(url))
                settings[name] = value;
            return Filled(settings);
        }

        var parts = PostgresUrlParts.Split(text) ?? throw NotAUrl(url);
        var servers = parts.Servers.Split(',');
        settings["user"] = Decoded(parts.User, url);
        settings["password"] = Decoded(parts.Password, url);
        settings["host"] = string.Join(',', servers.Select(server => Decoded(PostgresUrlParts.Host(server).Trim('[', ']'), url)));
        settings["port"] = string.Join(',', servers.Select(PostgresUrlParts.Port));
        settings["dbname"] = Decoded(parts.Database, url);
        foreach (var pair in parts.Query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
                throw Unknown("", url);
            settings[Decoded(pair[..equals], url)] = Decoded(pair[(equals + 1)..], url);
        }

        // libpq takes JDBC's word for it, too.
        if (settings.Remove("ssl", out var ssl) && ssl == "true")
            settings.TryAdd("sslmode", "require");
        return Filled(settings);
    }

    private static Dictionary<string, string> Filled(Dictionary<string, string> settings) =>
        settings.Where(setting => setting.Value.Length > 0).ToDictionary(StringComparer.Ordinal);

    /// <summary>libpq refuses a % that stands for no byte, where .NET leaves it.</summary>
    private static string Decoded(string text, DatabaseUrl url)
    {
        for (var percent = text.IndexOf('%'); percent >= 0; percent = text.IndexOf('%', percent + 1))
        {
            if (percent + 2 >= text.Length || !char.IsAsciiHexDigit(text[percent + 1]) || !char.IsAsciiHexDigit(text[percent + 2]) || text.AsSpan(percent + 1, 2) is "00")
                throw NotAUrl(url);
        }

        return Uri.UnescapeDataString(text);
    }

    internal static InvalidInputException NotAUrl(DatabaseUrl url) => new(
        new Text("This is not a PostgreSQL URL.", "Ceci n'est pas une URL PostgreSQL."),
        url.Redacted,
        new Text("Write it as postgresql://user:password@host:5432/database, with special characters of the password percent-encoded (@ is %40, / is %2F, # is %23, ? is %3F, % is %25).",
            "Écrivez-la sous la forme postgresql://utilisateur:motdepasse@hôte:5432/base, les caractères spéciaux du mot de passe étant encodés (@ devient %40, / devient %2F, # devient %23, ? devient %3F, % devient %25)."));

    /// <param name="name">What looks like a parameter may be a piece of a password: only a plain word of a whole address is repeated.</param>
    private static EclusierException Unknown(string name, DatabaseUrl url)
    {
        var known = PostgresUrlParameter.Names;
        var isWord = name.Length is > 0 and <= 40 && name.All(character => char.IsAsciiLetter(character) || character == '_');
        var told = isWord && (url.Redacted != "***" || ConnectionText.Is(url.Reveal())) ? name : null;
        var nearest = told is null ? null : NearestName.Of(told, known);
        return new InvalidInputException(
            told is null
                ? new Text("The database URL has something behind its ? that is no parameter.", "L'URL de la base a derrière son ? quelque chose qui n'est pas un paramètre.")
                : new Text($"The database URL has an unknown parameter: {told}.", $"L'URL de la base a un paramètre inconnu : {told}."),
            url.Redacted,
            nearest is not null
                ? new Text($"Did you mean {nearest}?", $"Vouliez-vous dire {nearest} ?")
                : new Text($"Remove it. Known are {string.Join(", ", known)}.", $"Retirez-le. Sont connus {string.Join(", ", known)}."));
    }
}
