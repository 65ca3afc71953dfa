namespace Eclusier.Runbooks;

/// <summary><c>invariants:</c> and <c>checks:</c></summary>
internal static class ChecksSection
{
    private static readonly string[] WithBody = ["POST", "PUT", "PATCH", "DELETE"];

    private static readonly string[] Methods = ["GET", "HEAD", .. WithBody, "OPTIONS"];

    public static IReadOnlyList<Check> Checks(RunbookNode? node, QuerySection sections) => [.. (node?.Items() ?? []).Select(item => Check(item, sections))];

    private static Check Check(RunbookNode node, QuerySection sections)
    {
        var http = node.Find("http");
        var finding = FindingSection.Read(node, sections);
        var query = sections.Read(node, http is null && finding is null ? new Text("a check has one of", "un contrôle a un de") : null, others: ", http, finding");
        if (query is not null && http is not null)
            node.Error("a check has either \"http\" or a query", "un contrôle a soit « http », soit une requête");
        if (finding is not null && (query is not null || http is not null))
            node.Error("a check has either \"finding\" or another question", "un contrôle a soit « finding », soit une autre question");
        var headers = (node.Find("headers")?.Entries() ?? []).ToDictionary(entry => entry.Key, entry => entry.Value.Secret() ?? "", StringComparer.OrdinalIgnoreCase);
        var (method, body) = Request(node, http is not null);
        var expect = Expectation(node, http is not null);
        var before = node.Find("before");
        var compared = ComparisonSection.Read(node, before, query?.Kind == "sql");
        var check = new Check
        {
            Name = node.Required("name")?.Text() ?? "",
            Kind = finding is null ? query?.Kind ?? "http" : Runbooks.Check.FindingKind,
            Query = query?.Text,
            Finding = finding,
            Http = http?.HttpUrl(),
            Method = method,
            Body = body,
            Headers = headers,
            Expect = expect,
            Before = before is null ? null : Before(before, expect, http is not null, finding is not null),
            BeforeQuery = compared.BeforeQuery,
            Compare = compared.Compare,
            Faster = compared.Faster,
            Samples = node.Find("samples")?.Number(1, 10_000) ?? 1,
        };
        if (finding is not null)
            FindingSection.OnlyEquals(node);
        else if (http is null && expect == new Expectation() && !compared.Compare && node.IsMapping)
            node.Error("this check expects nothing: say equals, rows, contains, under or faster", "ce contrôle n'attend rien : précisez equals, rows, contains, under ou faster");
        node.NoOtherKeys();
        return check;
    }

    private static Expectation? Before(RunbookNode node, Expectation after, bool http, bool finding)
    {
        if (!node.IsMapping)
            return node.Boolean() == true ? after : null;
        var (former, expectation) = (node.Find("sql"), Expectation(node, http));
        if (finding)
            FindingSection.OnlyEquals(node);
        node.NoOtherKeys();
        // The former words alone are there to be compared, and expect nothing.
        return former is not null && expectation == new Expectation() ? null : expectation;
    }

    private static Expectation Expectation(RunbookNode node, bool http) => new()
    {
        EqualTo = http ? null : node.Find("equals")?.Text(),
        Rows = http ? null : node.Find("rows")?.Number(0, int.MaxValue),
        Contains = node.Find("contains")?.Text(),
        Status = http ? node.Find("status")?.Number(100, 599) : null,
        Under = node.Find("under")?.Duration(),
    };

    private static (string Method, string? Body) Request(RunbookNode node, bool http)
    {
        var (method, body) = (node.Find("method"), node.Find("body"));
        if (!http)
        {
            method?.Error("\"method\" belongs to an HTTP check", "« method » appartient à un contrôle HTTP");
            body?.Error("\"body\" belongs to an HTTP check", "« body » appartient à un contrôle HTTP");
            return ("GET", null);
        }

        var verb = method is null ? "GET" : method.OneOf(Methods);
        if (body is not null && verb is not null && !WithBody.Contains(verb))
            body.Error($"\"body\" needs a method that takes one: {string.Join(", ", WithBody)}", $"« body » demande une méthode qui en accepte un : {string.Join(", ", WithBody)}");
        return (verb ?? "GET", body?.Secret());
    }
}
