using System.Net;
using System.Reflection;
using Eclusier.Evidence;
using Markdig;

namespace Eclusier.Reports;

/// <summary>The Markdown report as one self-contained page: no script, nothing fetched from elsewhere.</summary>
internal static class HtmlReport
{
    public static string Of(string markdown, RunRecord record, Language language)
    {
        var pipeline = new MarkdownPipelineBuilder().UsePipeTables().UseTaskLists().DisableHtml().Build();
        var document = Markdown.Parse(markdown, pipeline);
        HtmlTables.Dress(document);
        var body = document.ToHtml(pipeline);
        var verdict = record.Outcome switch
        {
            RunOutcome.Done or RunOutcome.NothingToDo => "good",
            RunOutcome.ChecksFailed or null or RunOutcome.Interrupted => "warning",
            _ => "bad",
        };
        return $"""
            <!doctype html>
            <html lang="{(language == Language.Fr ? "fr" : "en")}">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{WebUtility.HtmlEncode(Visible.Line(record.Name))}</title>
            <style>
            {Css()}
            </style>
            </head>
            <body class="{verdict}">
            <main>
            {body}
            </main>
            </body>
            </html>

            """;
    }

    private static string Css()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("Eclusier.Reports.report.css")
            ?? throw new InvalidOperationException("report.css is not embedded");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
