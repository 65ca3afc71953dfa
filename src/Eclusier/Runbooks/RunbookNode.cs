using System.Globalization;
using System.Text.RegularExpressions;
using Eclusier.Redaction;
using YamlDotNet.RepresentationModel;

namespace Eclusier.Runbooks;

/// <summary>A place in the file as written: typed getters that note every error and go on.</summary>
internal sealed partial class RunbookNode(YamlNode yaml, string path, RunbookErrors errors)
{
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);

    public string Path { get; } = path;

    public long Line => yaml.Start.Line;

    public bool IsMapping => yaml is YamlMappingNode;

    public void Error(string en, string fr) => errors.Add(yaml.Start, new Text(en, fr));

    /// <summary>Notes a name that none of the environments has. That there are none at all is told elsewhere.</summary>
    public void NoEnvironment(string? name, IReadOnlyCollection<string> environments)
    {
        if (environments.Count > 0)
            Error($"\"{name}\" is not one of the environments: {string.Join(", ", environments)}", $"« {name} » n'est pas un des environnements : {string.Join(", ", environments)}");
    }

    /// <summary>A value that names no rule; with its nearest neighbour, or all that there are.</summary>
    public void Unknown(string name, IReadOnlyCollection<string> known)
    {
        var next = NearestName.Meant(name, known)
            ?? new Text($"Known: {string.Join(", ", known.Order(StringComparer.Ordinal))}.", $"Connus : {string.Join(", ", known.Order(StringComparer.Ordinal))}.");
        Error($"\"{Path}\": \"{name}\" is unknown. {next.En}", $"« {Path} » : « {name} » est inconnu. {next.Fr}");
    }

    /// <summary>The value of a key; null when it is not there or empty.</summary>
    public RunbookNode? Find(string key)
    {
        _asked.Add(key);
        if (yaml is not YamlMappingNode mapping)
        {
            if (_asked.Count == 1)
                Error($"\"{Path}\" must be a mapping of keys to values", $"« {Path} » doit être une suite de clés et de valeurs");
            return null;
        }

        var value = mapping.Children.FirstOrDefault(pair => pair.Key is YamlScalarNode scalar && scalar.Value == key).Value;
        return value is null or YamlScalarNode { Value: null or "" or "~" or "null", Style: YamlDotNet.Core.ScalarStyle.Plain }
            ? null
            : new RunbookNode(value, Path.Length == 0 ? key : $"{Path}.{key}", errors);
    }

    public RunbookNode? Required(string key)
    {
        var value = Find(key);
        if (value is null && IsMapping)
            Error($"\"{(Path.Length == 0 ? key : $"{Path}.{key}")}\" is missing", $"« {(Path.Length == 0 ? key : $"{Path}.{key}")} » manque");
        return value;
    }

    /// <summary>Notes every key that nobody asked for. Call it last.</summary>
    /// <param name="later">Keys that another version knows.</param>
    public void NoOtherKeys(params string[] later)
    {
        foreach (var key in (yaml as YamlMappingNode)?.Children.Keys.OfType<YamlScalarNode>() ?? [])
        {
            var name = key.Value ?? "";
            if (_asked.Contains(name))
                continue;
            if (later.Contains(name))
                errors.Add(key.Start, new Text($"\"{name}\" is not supported by this version yet", $"« {name} » n'est pas encore pris en charge par cette version"));
            else if (NearestName.Of(name, _asked) is { } nearest)
                errors.Add(key.Start, new Text($"unknown key \"{name}\"; did you mean \"{nearest}\"?", $"clé inconnue « {name} » ; vouliez-vous dire « {nearest} » ?"));
            else
                errors.Add(key.Start, new Text($"unknown key \"{name}\"; known here: {string.Join(", ", _asked)}", $"clé inconnue « {name} » ; connues ici : {string.Join(", ", _asked)}"));
        }
    }

    public IEnumerable<(string Key, RunbookNode Value)> Entries()
    {
        if (yaml is YamlMappingNode mapping)
            return mapping.Children.Select(pair => (((YamlScalarNode)pair.Key).Value ?? "", new RunbookNode(pair.Value, $"{Path}.{pair.Key}", errors)));
        Error($"\"{Path}\" must be a mapping of keys to values", $"« {Path} » doit être une suite de clés et de valeurs");
        return [];
    }

    public IReadOnlyList<RunbookNode> Items()
    {
        if (yaml is YamlSequenceNode sequence)
            return [.. sequence.Children.Select((child, index) => new RunbookNode(child, $"{Path}[{index}]", errors))];
        Error($"\"{Path}\" must be a list", $"« {Path} » doit être une liste");
        return [];
    }

    /// <summary>A mapping of keys to texts.</summary>
    public Dictionary<string, string> TextsByKey() => Entries().ToDictionary(entry => entry.Key, entry => entry.Value.Text() ?? "", StringComparer.Ordinal);

    public IReadOnlyList<string> Texts() => [.. Items().Select(item => item.Text()).OfType<string>()];

    /// <summary>The text, its variables filled in.</summary>
    public string? Text() => Raw() is { } raw ? errors.Variables.Expand(raw, yaml.Start, errors) : null;

    /// <summary>A query in SQL, its variables filled in: what is no query is noted, and never asked.</summary>
    public string? Sql()
    {
        if (Text() is not { } text)
            return null;
        if (errors.QueryProblem(text) is { } problem)
            Error($"\"{Path}\" {problem.En}", $"« {Path} » {problem.Fr}");
        return text;
    }

    /// <summary>The text, its variables filled in; what they hold is a secret.</summary>
    public string? Secret()
    {
        if (Raw() is not { } raw)
            return null;
        foreach (var value in errors.Variables.Values(raw))
        {
            // A value of several words (Bearer …) may show up in pieces.
            foreach (var word in value.Split(' ', StringSplitOptions.RemoveEmptyEntries).Append(value))
                Secrets.Remember(word);
        }

        return errors.Variables.Expand(raw, yaml.Start, errors);
    }

    public string? Raw()
    {
        if (yaml is YamlScalarNode scalar)
            return scalar.Value ?? "";
        Error($"\"{Path}\" must be a text", $"« {Path} » doit être un texte");
        return null;
    }

    /// <summary>A document in extended JSON: a mapping in YAML, or JSON in quotes.</summary>
    public string? Document()
    {
        if (yaml is YamlMappingNode)
            return Json(yaml);
        var text = yaml is YamlScalarNode ? Text() : null;
        return text?.TrimStart().StartsWith('{') == true ? text : Wrong(text ?? "[…]", new Text("a mapping, or JSON", "une suite de clés et de valeurs, ou du JSON"));
    }

    /// <summary>A list of documents, as an array in extended JSON.</summary>
    public string Documents() => $"[{string.Join(',', Items().Select(item => item.Document()))}]";

    /// <summary>A text, a number, a boolean, or null.</summary>
    public object? Value() => yaml is YamlScalarNode scalar && Text() is { } text ? YamlJson.Value(scalar, text) : Raw();

    public bool? Boolean() => Parse<bool>(text => text switch { "true" => true, "false" => false, _ => null }, new Text("true or false", "true ou false"));

    public int? Number(int from, int to) => Parse<int>(
        text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= from && value <= to ? value : null,
        new Text($"a whole number from {from} to {to}", $"un nombre entier de {from} à {to}"));

    /// <summary>A number, perhaps with a fraction.</summary>
    public double? Fraction(double from, double to) => Parse<double>(
        text => double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value >= from && value <= to ? value : null,
        Values.Text.Same($"{from.ToString(CultureInfo.InvariantCulture)} … {to.ToString(CultureInfo.InvariantCulture)}"));

    /// <summary>As a share from 0 to 1.</summary>
    public double? Percentage() => Parse<double>(
        text => text.EndsWith('%') && double.TryParse(text[..^1].TrimEnd(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value <= 100 ? value / 100 : null,
        new Text("a percentage such as 5% or 0.5%", "un pourcentage comme 5% ou 0.5%"));

    /// <summary>A size in bytes.</summary>
    public long? Bytes() => Parse<long>(ParseBytes, new Text("a size such as 100kB, 64MB, 1GB", "une taille comme 100kB, 64MB, 1GB"));

    public TimeSpan? Duration() => Parse<TimeSpan>(ParseDuration, new Text("a duration such as 100ms, 2s, 10m, 24h", "une durée comme 100ms, 2s, 10m, 24h"));

    public string? OneOf(params string[] values) => Text() is not { } text ? null
        : values.Contains(text) ? text
        : Wrong(text, Values.Text.Same(string.Join(", ", values)));

    /// <summary>An absolute address; a wrong one is not repeated, as it may hold a token.</summary>
    public string? HttpUrl()
    {
        if (Text() is not { } text)
            return null;
        if (Uri.TryCreate(text, UriKind.Absolute, out var url) && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps))
            return text;
        Error($"\"{Path}\" must be an absolute address, such as https://api.example.com/health", $"« {Path} » doit être une adresse absolue, comme https://api.example.com/health");
        return null;
    }

    /// <summary>Sums of numbers with units: <c>1m30s</c>.</summary>
    internal static TimeSpan? ParseDuration(string text)
    {
        var match = DurationParts().Match(text);
        if (!match.Success)
            return null;
        var total = TimeSpan.Zero;
        for (var index = 0; index < match.Groups["number"].Captures.Count; index++)
        {
            var number = double.Parse(match.Groups["number"].Captures[index].Value, CultureInfo.InvariantCulture);
            total += match.Groups["unit"].Captures[index].Value switch
            {
                "ms" => TimeSpan.FromMilliseconds(number),
                "s" => TimeSpan.FromSeconds(number),
                "m" => TimeSpan.FromMinutes(number),
                "h" => TimeSpan.FromHours(number),
                _ => TimeSpan.FromDays(number),
            };
        }

        return total;
    }

    /// <summary>A number and a unit as PostgreSQL writes them: <c>kB</c>, <c>MB</c>, <c>GB</c>, <c>TB</c>, each 1024 of the one before.</summary>
    internal static long? ParseBytes(string text)
    {
        var match = SizeParts().Match(text);
        if (!match.Success)
            return null;
        var power = match.Groups["unit"].Value switch { "kB" => 10, "MB" => 20, "GB" => 30, _ => 40 };
        return (long)(double.Parse(match.Groups["number"].Value, CultureInfo.InvariantCulture) * (1L << power));
    }

    private T? Parse<T>(Func<string, T?> parse, Text expected)
        where T : struct
    {
        if (Text() is not { } text)
            return null;
        if (parse(text) is { } value)
            return value;
        Wrong(text, expected);
        return null;
    }

    private string? Wrong(string found, Text expected)
    {
        Error($"\"{Path}\" must be {expected.En}, not \"{found}\"", $"« {Path} » doit être {expected.Fr}, pas « {found} »");
        return null;
    }

    private string Json(YamlNode node) => YamlJson.Of(node, child => errors.Variables.Expand(child.Value ?? "", child.Start, errors));

    [GeneratedRegex(@"^(?<number>\d{1,6}(\.\d+)?) ?(?<unit>kB|MB|GB|TB)$", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex SizeParts();

    [GeneratedRegex(@"^((?<number>\d{1,6}(\.\d+)?)(?<unit>ms|s|m|h|d))+$", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex DurationParts();
}
