using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;
using Eclusier.Evidence;

namespace Eclusier.Tests.Schemas;

/// <summary>The JSON Schema of a document that the command line prints, from the very metadata that writes it.</summary>
internal sealed class OutputSchema
{
    private static readonly DocComments Comments = new(typeof(RunRecord).Assembly);

    private static readonly JsonSerializerOptions Layout = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private const string Local = "#/$defs/";

    /// <summary>A run has a schema of its own, wherever it stands.</summary>
    private const string Runs = "run.schema.json";

    private readonly SortedDictionary<string, JsonNode> _definitions = new(StringComparer.Ordinal);
    private readonly Type _root;

    private OutputSchema(Type root) => _root = root;

    /// <param name="title">What the document is.</param>
    /// <param name="document">As it is written for a user.</param>
    public static string Of(string title, JsonTypeInfo document)
    {
        var schema = new OutputSchema(document.Type);
        var options = new JsonSchemaExporterOptions { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = schema.Complete };
        var body = document.GetJsonSchemaAsNode(options).AsObject();
        var whole = new JsonObject { ["$schema"] = "https://json-schema.org/draft/2020-12/schema", ["title"] = title };
        foreach (var (key, value) in body.ToList())
        {
            body.Remove(key);
            whole[key] = value;
        }

        var needed = schema.Needed(whole);
        if (needed.Count > 0)
            whole["$defs"] = new JsonObject(needed.Select(name => KeyValuePair.Create<string, JsonNode?>(name, schema._definitions[name])));
        return whole.ToJsonString(Layout) + "\n";
    }

    /// <summary>Without what only a run needs, where the run stands in a schema of its own.</summary>
    private SortedSet<string> Needed(JsonNode from)
    {
        var needed = new SortedSet<string>(StringComparer.Ordinal);
        var open = new Queue<JsonNode>([from]);
        while (open.TryDequeue(out var node))
        {
            foreach (var name in References(node).Where(needed.Add))
                open.Enqueue(_definitions[name]);
        }

        return needed;
    }

    private static IEnumerable<string> References(JsonNode? node) => node switch
    {
        JsonObject found when found["$ref"]?.GetValue<string>() is { } address => address == Runs ? [] : [address[Local.Length..]],
        JsonObject found => found.SelectMany(property => References(property.Value)),
        JsonArray found => found.SelectMany(References),
        _ => [],
    };

    /// <summary>Is called for what is inside first.</summary>
    private JsonNode Complete(JsonSchemaExporterContext context, JsonNode exported)
    {
        var type = Nullable.GetUnderlyingType(context.TypeInfo.Type) ?? context.TypeInfo.Type;
        var schema = exported switch
        {
            // To the place where the exporter described this type first: that is moved.
            JsonObject found when found.ContainsKey("$ref") => new JsonObject { ["$ref"] = Address(type) },
            JsonObject found when found.ContainsKey("properties") && type == _root => Whole(type, found),
            JsonObject found when found.ContainsKey("properties") => Referred(type, found, IsNullable(found)),
            JsonObject found when type.IsEnum => Referred(type, Values(type, found), IsNullable(found)),
            JsonObject found => found,
            // What has a converter of our own is written as one string.
            _ when type == typeof(Text) || type == typeof(string) => OneString(context.PropertyInfo?.IsGetNullable == true),
            _ => exported,
        };
        // That of a constructor, which no document leaves out.
        (schema as JsonObject)?.Remove("default");
        if (context.PropertyInfo is { } property && Comments.Of(Declared(property)) is { } said)
            schema.AsObject().Insert(0, "description", said);
        return schema;
    }

    private JsonObject Referred(Type type, JsonObject found, bool isNullable)
    {
        _definitions.TryAdd(Name(type), found.ContainsKey("properties") ? Whole(type, found) : found);
        var reference = new JsonObject { ["$ref"] = Address(type) };
        return isNullable ? new JsonObject { ["anyOf"] = new JsonArray(reference, new JsonObject { ["type"] = "null" }) } : reference;
    }

    private static string Address(Type type) => type == typeof(RunRecord) ? Runs : Local + Name(type);

    private static string Name(Type type) => JsonNamingPolicy.SnakeCaseLower.ConvertName(type.Name);

    /// <summary>A user gets every key, also one without a value, and none that is not described.</summary>
    private static JsonObject Whole(Type type, JsonObject found)
    {
        var properties = found["properties"]!.AsObject();
        found.Remove("properties");
        var whole = new JsonObject();
        if (Comments.Of(type) is { } said)
            whole["description"] = said;
        whole["type"] = "object";
        whole["additionalProperties"] = false;
        whole["required"] = new JsonArray([.. properties.Select(property => (JsonNode)property.Key)]);
        whole["properties"] = properties;
        return whole;
    }

    private static JsonObject Values(Type type, JsonObject found)
    {
        var values = new JsonObject();
        if (Comments.Of(type) is { } said)
            values["description"] = said;
        values["enum"] = new JsonArray([.. found["enum"]!.AsArray().Where(value => value is not null).Select(value => value!.DeepClone())]);
        return values;
    }

    private static JsonObject OneString(bool nullable) => new() { ["type"] = nullable ? new JsonArray("string", "null") : "string" };

    private static bool IsNullable(JsonObject found) =>
        (found["type"] is JsonArray types && types.Any(each => each?.GetValue<string>() == "null"))
        || (found["enum"] is JsonArray values && values.Any(value => value is null));

    private static PropertyInfo Declared(JsonPropertyInfo property) =>
        property.DeclaringType.GetProperties().Single(declared => JsonNamingPolicy.SnakeCaseLower.ConvertName(declared.Name) == property.Name);
}
