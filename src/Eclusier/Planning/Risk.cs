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

public static class Risks
{
    public static Text Name(this Risk risk) => risk switch
    {
        Risk.Low => new Text("low", "faible"),
        Risk.Medium => new Text("medium", "moyen"),
        _ => new Text("high", "élevé"),
    };
}
