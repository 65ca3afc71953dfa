using System.Text.Json.Serialization;

namespace Eclusier.Planning;

/// <summary>How dangerous a step, a statement or a hazard is for the live database.</summary>
[JsonConverter(typeof(SnakeCase<Risk>))]
public enum Risk
{
    Low,
    Medium,
    High,
}
