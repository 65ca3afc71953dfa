using System.Buffers;
using System.Text;
using System.Text.Json;
using Npgsql;

namespace Eclusier.Postgres.Sessions;

/// <summary>What a file has made of its session so far: settings by name, <c>role</c> and <c>session_authorization</c> among them.</summary>
internal sealed record FileSettings(IReadOnlyDictionary<string, string> Values)
{
    public const string Role = "role";

    public const string User = "session_authorization";

    public static FileSettings None { get; } = new(new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase));

    public bool IsEmpty => Values.Count == 0;

    public bool Has(string name) => Values.ContainsKey(name);

    /// <summary>Another user may not be allowed to make the settings, and one user's role is not another's: so those two come last.</summary>
    public IEnumerable<NpgsqlBatchCommand> Commands() =>
        from value in Values
        orderby value.Key == Role ? 2 : value.Key == User ? 1 : 0
        select new NpgsqlBatchCommand("select pg_catalog.set_config($1, $2, false)") { Parameters = { new() { Value = value.Key }, new() { Value = value.Value } } };

    public bool Equals(FileSettings? other) => other is not null && Values.Count == other.Values.Count && Values.All(value => other.Values.TryGetValue(value.Key, out var same) && same == value.Value);

    public override int GetHashCode() => Values.Count;

    public string ToJson()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            foreach (var (name, value) in Values)
                json.WriteString(name, value);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    public static FileSettings FromJson(string? text)
    {
        if (text is null)
            return None;
        using var json = JsonDocument.Parse(text);
        return new FileSettings(json.RootElement.EnumerateObject().ToDictionary(value => value.Name, value => value.Value.GetString() ?? "", StringComparer.OrdinalIgnoreCase));
    }
}
