using Eclusier.Checks;

namespace Eclusier.Runbooks;

/// <summary><c>invariants:</c> and <c>checks:</c></summary>
internal static class ChecksSection
{
    public static IReadOnlyList<Invariant> Invariants(RunbookNode? node) => [.. (node?.Items() ?? []).Select(item =>
    {
        var invariant = new Invariant(item.Required("name")?.Text() ?? "", item.Required("sql")?.Text() ?? "");
        item.NoOtherKeys();
        return invariant;
    })];

    public static IReadOnlyList<Check> Checks(RunbookNode? node) => [.. (node?.Items() ?? []).Select(Check)];

    private static Check Check(RunbookNode node)
    {
        var (sql, http) = (node.Find("sql"), node.Find("http"));
        if (sql is null == (http is null) && node.IsMapping)
            node.Error("a check has either \"sql\" or \"http\"", "un contrôle a soit « sql », soit « http »");
        var headers = (node.Find("headers")?.Entries() ?? []).ToDictionary(entry => entry.Key, entry => Header(entry.Value), StringComparer.OrdinalIgnoreCase);
        var expect = Expectation(node, http is not null);
        var before = node.Find("before");
        var check = new Check
        {
            Name = node.Required("name")?.Text() ?? "",
            Sql = sql?.Text(),
            Http = http?.Text(),
            Headers = headers,
            Expect = expect,
            Before = before is null ? null : Before(before, expect, http is not null),
            Samples = node.Find("samples")?.Number(1, 10_000) ?? 1,
        };
        if (http is null && expect == new Expectation() && node.IsMapping)
            node.Error("this check expects nothing: say equals, rows, contains or under", "ce contrôle n'attend rien : précisez equals, rows, contains ou under");
        node.NoOtherKeys();
        return check;
    }

    private static Expectation? Before(RunbookNode node, Expectation after, bool http)
    {
        if (!node.IsMapping)
            return node.Boolean() == true ? after : null;
        var expectation = Expectation(node, http);
        node.NoOtherKeys();
        return expectation;
    }

    private static Expectation Expectation(RunbookNode node, bool http) => new()
    {
        EqualTo = http ? null : node.Find("equals")?.Text(),
        Rows = http ? null : node.Find("rows")?.Number(0, int.MaxValue),
        Contains = node.Find("contains")?.Text(),
        Status = http ? node.Find("status")?.Number(100, 599) : null,
        Under = node.Find("under")?.Duration(),
    };

    /// <summary>A header that a variable fills is a secret.</summary>
    private static string Header(RunbookNode node)
    {
        var text = node.Text() ?? "";
        if (node.Raw() is { } raw && raw != text)
        {
            foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Where(word => !raw.Contains(word, StringComparison.Ordinal)))
                Secrets.Remember(word);
        }

        return text;
    }
}
