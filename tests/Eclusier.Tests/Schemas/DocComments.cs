using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Eclusier.Tests.Schemas;

/// <summary>What the doc comments of an assembly say of types and their properties, as plain text.</summary>
internal sealed partial class DocComments
{
    private readonly Assembly _assembly;
    private readonly Dictionary<string, XElement> _members;

    public DocComments(Assembly assembly)
    {
        _assembly = assembly;
        _members = XDocument.Load(Path.ChangeExtension(assembly.Location, ".xml")).Descendants("member")
            .ToDictionary(member => member.Attribute("name")!.Value, StringComparer.Ordinal);
    }

    /// <summary>Of an enumeration with what each of its values means. Null: nothing is said of it.</summary>
    public string? Of(Type type)
    {
        var summary = Summary($"T:{type.FullName}");
        if (!type.IsEnum)
            return summary;
        var values =
            from name in Enum.GetNames(type)
            let said = Summary($"F:{type.FullName}.{name}")
            where said is not null
            select $"`{JsonNamingPolicy.SnakeCaseLower.ConvertName(name)}`: {said}";
        return string.Join(' ', [.. new[] { summary }.OfType<string>(), .. values]) is { Length: > 0 } text ? text : null;
    }

    /// <summary>Its own comment, or what its record says of the parameter.</summary>
    public string? Of(PropertyInfo property) => Of(property.DeclaringType!.FullName!, property.Name);

    private string? Of(string type, string property) =>
        Summary($"P:{type}.{property}")
        ?? Words(_members.GetValueOrDefault($"T:{type}")?.Elements("param").FirstOrDefault(parameter => parameter.Attribute("name")!.Value == property));

    private string? Summary(string member) => Words(_members.GetValueOrDefault(member)?.Element("summary"));

    private string? Words(XElement? comment)
    {
        if (comment is null)
            return null;
        // "As in Trouble.Kind" helps those who can read the source.
        if (comment.Elements().ToList() is [var only] && only.Attribute("cref") is { Value: ['P', ':', ..] } property && MereReference().IsMatch(comment.Value))
            return Of(Owner(property.Value), Last(property.Value));
        var text = Spaces().Replace(string.Concat(comment.Nodes().Select(Word)), " ").Trim();
        return text.Length > 0 ? text : null;
    }

    private string Word(XNode node) => node switch
    {
        XText text => text.Value,
        XElement { Name.LocalName: "c" } code => $"`{code.Value.Trim()}`",
        XElement element when element.Attribute("cref") is { } reference => $"`{Name(reference.Value)}`",
        XElement element when element.Attribute("name") is { } parameter => $"`{JsonNamingPolicy.SnakeCaseLower.ConvertName(parameter.Value)}`",
        XElement element => element.Value,
        _ => "",
    };

    /// <summary>As the JSON has it: the value of a constant, the key of a property.</summary>
    private string Name(string member) =>
        member[0] == 'F' && _assembly.GetType(Owner(member))?.GetField(Last(member)) is { IsLiteral: true } field && field.FieldType == typeof(string)
            ? (string)field.GetRawConstantValue()!
            : JsonNamingPolicy.SnakeCaseLower.ConvertName(Last(member));

    private static string Owner(string member) => member[2..member.LastIndexOf('.')];

    private static string Last(string member) => member[(member.LastIndexOf('.') + 1)..];

    [GeneratedRegex(@"^\s*As( in)?\s*\.\s*$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex MereReference();

    [GeneratedRegex(@"\s+", RegexOptions.None, 1000)]
    private static partial Regex Spaces();
}
