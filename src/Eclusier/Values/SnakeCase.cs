using System.Text.Json;
using System.Text.Json.Serialization;

namespace Eclusier.Values;

/// <summary>An enumeration by its names in <c>snake_case</c>.</summary>
internal sealed class SnakeCase<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.SnakeCaseLower)
    where T : struct, Enum;
