using Eclusier.Planning;
using Eclusier.Postgres.Hazards;

namespace Eclusier.Cli.Rendering;

/// <summary>The rules, a line each.</summary>
internal static class RulesView
{
    public static string Text(IReadOnlyList<HazardRule> rules, Language language)
    {
        var width = rules.Max(rule => rule.Id.Length);
        return string.Join('\n', rules.OrderBy(rule => rule.Id, StringComparer.Ordinal)
            .Select(rule => $"{rule.Id.PadRight(width)}  {rule.Severity.Name().En,-6}  {FirstSentence(rule.Why.In(language))}"));
    }

    public static string Json(IReadOnlyList<HazardRule> rules, Language language) => JsonText.Write(json =>
    {
        json.WriteStartArray();
        foreach (var rule in rules)
        {
            json.WriteStartObject();
            json.WriteString("rule", rule.Id);
            json.WriteString("severity", rule.Severity.Name().En);
            json.WriteString("lock", rule.Lock?.Name());
            json.WriteString("work", rule.Work.ToString().ToLowerInvariant());
            json.WriteString("why", rule.Why.In(language));
            json.WriteString("bad", rule.Bad);
            json.WriteString("good", rule.Good);
            json.WriteNumber("since", rule.Since);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    private static string FirstSentence(string text)
    {
        var end = text.IndexOfAny(['.', ':', ';']);
        return end < 0 ? text : text[..end];
    }
}
