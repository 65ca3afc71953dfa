using System.Text;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace Eclusier.Runbooks;

/// <summary>
/// One YAML document of sensible size. The tree is built by recursion, and a text of brackets alone would end the process: so its events are counted before.
/// </summary>
internal static class YamlFile
{
    /// <summary>Bytes. A runbook of a thousand migrations has some 100 kB.</summary>
    private const int Largest = 4 * 1024 * 1024;

    private const int Deepest = 64;

    /// <summary>With each alias counted as all that it stands for: ten lines of aliases of aliases are a thousand million nodes.</summary>
    private const long MostNodes = 500_000;

    /// <returns>Null when there is no document.</returns>
    /// <exception cref="InvalidInputException">It is no single document of such a size.</exception>
    /// <exception cref="YamlException">It is no YAML, or has a key twice.</exception>
    /// <exception cref="DecoderFallbackException">It is not UTF-8.</exception>
    public static YamlNode? Load(string file)
    {
        if (new FileInfo(file) is { Exists: true, Length: > Largest })
            throw Refused(file, null, new Text("The file is larger than 4 MB.", "Le fichier dépasse 4 Mo."));
        string text;
        using (var reader = new StreamReader(file, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true)))
            text = reader.ReadToEnd();
        if (!HasDocument(text, file))
            return null;
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        var root = stream.Documents[0].RootNode;
        foreach (var key in root.AllNodes.OfType<YamlMappingNode>().SelectMany(mapping => mapping.Children.Keys))
        {
            if (key is not YamlScalarNode)
                throw Refused(file, key.Start, new Text("A key must be a word, not a list or a mapping.", "Une clé doit être un mot, pas une liste ni une suite de clés."));
        }

        return root;
    }

    private static bool HasDocument(string text, string file)
    {
        var parser = new Parser(new StringReader(text));
        var (documents, total) = (0, 0L);
        // Of each open list or mapping: its anchor, and how many nodes came before it.
        var open = new Stack<(AnchorName Anchor, long Before)>();
        var sizes = new Dictionary<AnchorName, long>();
        while (parser.MoveNext())
        {
            switch (parser.Current)
            {
                case DocumentStart start when ++documents > 1:
                    throw Refused(file, start.Start, new Text(
                        "There is a second YAML document (---), which nobody would read.", "Il y a un second document YAML (---), que personne ne lirait."));
                case AnchorAlias alias:
                    if (!sizes.TryGetValue(alias.Value, out var size))
                        throw Refused(file, alias.Start, new Text($"*{alias.Value} stands for nothing that ended before it.", $"*{alias.Value} ne désigne rien qui finisse avant."));
                    total += size;
                    break;
                case SequenceStart or MappingStart:
                    open.Push((((NodeEvent)parser.Current).Anchor, total++));
                    if (open.Count > Deepest)
                        throw Refused(file, parser.Current.Start, new Text($"Lists and mappings are nested more than {Deepest} deep.", $"Des listes et des clés sont imbriquées sur plus de {Deepest} niveaux."));
                    break;
                case SequenceEnd or MappingEnd:
                    var (anchor, before) = open.Pop();
                    if (!anchor.IsEmpty)
                        sizes[anchor] = total - before;
                    break;
                case Scalar scalar:
                    total++;
                    if (!scalar.Anchor.IsEmpty)
                        sizes[scalar.Anchor] = 1;
                    break;
            }

            if (total > MostNodes)
                throw Refused(file, parser.Current!.Start, new Text($"The document has more than {MostNodes} values, aliases counted in full.", $"Le document a plus de {MostNodes} valeurs, alias comptés en entier."));
        }

        return documents > 0;
    }

    private static EclusierException Refused(string file, Mark? at, Text problem) => new InvalidInputException(
        problem,
        at is { } mark ? $"{file}:{mark.Line}:{mark.Column}" : file,
        new Text("Write one document of plain keys and values; docs/runbook.md has an example.", "Écrivez un seul document, fait de clés et de valeurs simples ; docs/runbook.md contient un exemple."));
}
