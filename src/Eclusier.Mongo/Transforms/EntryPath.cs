using System.Text.RegularExpressions;
using Eclusier.Mongo.Bson;

namespace Eclusier.Mongo.Transforms;

/// <summary>Where an entry goes: <c>translations.{targetLanguage}</c>.</summary>
internal sealed partial class EntryPath(string template)
{
    private readonly string[] _segments = Separator().Split(template);

    /// <returns>Null: a name would be empty, hold a dot or a zero, or begin with a dollar, which would make it another path.</returns>
    public string[]? Of(BsonDocument child)
    {
        var path = new string[_segments.Length];
        for (var index = 0; index < path.Length; index++)
        {
            var valid = true;
            path[index] = Field().Replace(_segments[index], match => TextOf(FieldEdit.Get(child, FieldPaths.Split(match.Groups["field"].Value)), ref valid));
            if (!valid || path[index].Length == 0 || path[index].StartsWith('$') || path[index].AsSpan().ContainsAny('.', '\0'))
                return null;
        }
        return path;
    }

    private static string TextOf(BsonValue value, ref bool valid)
    {
        var text = value.Type switch
        {
            BsonType.String => value.AsString,
            BsonType.ObjectId => value.AsObjectId.ToString(),
            BsonType.Int32 or BsonType.Int64 => value.ToInt64().ToString(),
            _ => "",
        };
        valid &= text.Length > 0;
        return text;
    }

    /// <summary>A dot outside braces: inside, it leads into the child.</summary>
    [GeneratedRegex(@"\.(?![^{]*\})", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Separator();

    [GeneratedRegex(@"\{(?<field>[^{}]+)\}", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Field();
}
