using System.Globalization;
using Markdig.Extensions.Tables;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace Eclusier.Reports;

/// <summary>
/// What a table needs beyond its text: verdicts stand out, facts have no header, and each cell knows its column's name, because
/// on a phone a row is shown as a card.
/// </summary>
internal static class HtmlTables
{
    private static readonly Dictionary<string, string> Verdicts = new(StringComparer.Ordinal)
    {
        ["passed"] = "good",
        ["acquis"] = "good",
        ["réussi"] = "good",
        ["FAILED"] = "bad",
        ["ÉCHEC"] = "bad",
        ["REFUSED"] = "bad",
        ["REFUS"] = "bad",
        ["SURPRISE"] = "bad",
        ["WARNING"] = "warning",
        ["ALERTE"] = "warning",
        ["UNPROVEN"] = "warning",
        ["NON PROUVÉE"] = "warning",
    };

    public static void Dress(MarkdownDocument document)
    {
        foreach (var table in document.Descendants<Table>())
        {
            var rows = table.OfType<TableRow>().ToList();
            var names = rows[0].OfType<TableCell>().Select(TextOf).ToList();
            var facts = names.TrueForAll(name => name.Length == 0);
            table.GetAttributes().AddClass(facts ? "facts" : "rows");
            foreach (var row in rows.Skip(1))
                Dress(row, names);
        }
    }

    private static void Dress(TableRow row, List<string> names)
    {
        foreach (var (index, cell) in row.OfType<TableCell>().Index())
        {
            var text = TextOf(cell);
            if (Verdicts.TryGetValue(text, out var verdict))
                cell.GetAttributes().AddClass(verdict);
            if (Bar.ShareOf(text) is { } share)
                Draw(cell, share);
            if (text.Length > 0 && names[index].Length > 0)
                cell.GetAttributes().AddProperty("data-name", names[index]);
        }
    }

    /// <summary>The block characters give way to a bar of that length, which prints and reads without colour.</summary>
    private static void Draw(TableCell cell, double share)
    {
        cell.GetAttributes().AddClass("bar");
        var paragraph = (ParagraphBlock)cell[0];
        paragraph.Inline!.Clear();
        paragraph.Inline.AppendChild(new HtmlInline($"<span style=\"width:{(share * 100).ToString("0.#", CultureInfo.InvariantCulture)}%\"></span>"));
    }

    private static string TextOf(TableCell cell) =>
        string.Concat(cell.Descendants<LiteralInline>().Select(literal => literal.Content.ToString())).Trim();
}
