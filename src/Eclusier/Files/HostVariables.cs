namespace Eclusier.Files;

/// <summary>Variables of this process: the one place that asks for them. A runbook's own come in by its reader.</summary>
public static class HostVariables
{
#pragma warning disable RS0030 // This is that place.
    /// <returns>Null where it is not set, or empty.</returns>
    public static string? Find(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    public static IEnumerable<string> Names() => Environment.GetEnvironmentVariables().Keys.Cast<string>();
#pragma warning restore RS0030
}
