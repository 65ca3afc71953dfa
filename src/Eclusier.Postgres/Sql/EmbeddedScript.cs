using System.Reflection;

namespace Eclusier.Postgres.Sql;

/// <summary>The longer scripts, which lie beside the code that runs them.</summary>
internal static class EmbeddedScript
{
    /// <param name="name">From the project's folder, with dots: <c>Catalog.Snapshot.scope.sql</c>.</param>
    public static string Read(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"Eclusier.Postgres.{name}") ?? throw new InvalidOperationException($"{name} is not embedded");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
