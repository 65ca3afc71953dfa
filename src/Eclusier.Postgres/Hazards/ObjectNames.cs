using System.Text;

namespace Eclusier.Postgres.Hazards;

/// <summary>The names that the server gives to what has none, so that a remedy leaves the same ones (<c>makeObjectName</c> in its sources).</summary>
internal static class ObjectNames
{
    /// <summary>NAMEDATALEN - 1.</summary>
    private const int Longest = 63;

    /// <summary><c>orders_total_check</c>: the longer of both names is cut where the whole would be too long.</summary>
    public static string Make(string table, string column, string label)
    {
        var room = Longest - Bytes(label) - 1 - (column.Length > 0 ? 1 : 0);
        var (first, second) = (Bytes(table), Bytes(column));
        while (first + second > room)
        {
            if (first > second)
                first--;
            else
                second--;
        }

        return string.Join('_', new[] { Cut(table, first), Cut(column, second), label }.Where(part => part.Length > 0));
    }

    /// <summary>Several columns are one name, as far as it takes to tell them apart.</summary>
    public static string Join(IEnumerable<string> columns)
    {
        var name = new StringBuilder();
        foreach (var column in columns)
        {
            if (name.Length > 0)
                name.Append('_');
            name.Append(Cut(column, Longest));
            if (Bytes(name.ToString()) > Longest)
                break;
        }

        return name.ToString();
    }

    private static int Bytes(string text) => Encoding.UTF8.GetByteCount(text);

    /// <summary>No character is cut in two.</summary>
    private static string Cut(string text, int bytes)
    {
        var kept = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            bytes -= rune.Utf8SequenceLength;
            if (bytes < 0)
                break;
            kept.Append(rune.ToString());
        }

        return kept.ToString();
    }
}
