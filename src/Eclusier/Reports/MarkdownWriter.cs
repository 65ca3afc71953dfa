using System.Text;

namespace Eclusier.Reports;

/// <summary>Markdown in one language; what comes from outside is escaped here.</summary>
internal sealed class MarkdownWriter(Language language)
{
    private readonly StringBuilder _text = new();

    public Language Language { get; } = language;

    public Formats Formats { get; } = Formats.Of(language);

    public void Title(string text) => _text.Append("# ").Append(Escape(text)).Append("\n\n");

    public void Section(string en, string fr) => _text.Append("## ").Append(Escape(Say(en, fr))).Append("\n\n");

    public void Paragraph(string text) => _text.Append(Escape(text)).Append("\n\n");

    /// <summary>Lines that are Markdown already.</summary>
    public void Raw(string markdown) => _text.Append(markdown).Append('\n');

    public void List(IEnumerable<string> items)
    {
        var length = _text.Length;
        foreach (var item in items)
            _text.Append("- ").Append(Escape(item)).Append('\n');
        if (_text.Length > length)
            _text.Append('\n');
    }

    public void Table(IReadOnlyList<string> header, IEnumerable<IReadOnlyList<string>> rows)
    {
        Row(header);
        _text.Append('|').Insert(_text.Length, "---|", header.Count).Append('\n');
        foreach (var row in rows)
            Row(row);
        _text.Append('\n');
    }

    public string Say(string en, string fr) => Language == Language.Fr ? fr : en;

    public override string ToString() => _text.ToString();

    private void Row(IEnumerable<string> cells) => _text.Append("| ").AppendJoin(" | ", cells.Select(Escape)).Append(" |\n");

    private static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var character in Visible.Of(text.ReplaceLineEndings(" ; ")))
        {
            if (@"\`*_{}[]<>#|~&!$".Contains(character, StringComparison.Ordinal))
                escaped.Append('\\');
            escaped.Append(character);
        }

        return escaped.ToString();
    }
}
