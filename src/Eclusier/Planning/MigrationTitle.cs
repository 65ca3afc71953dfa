namespace Eclusier.Planning;

/// <summary>What people read: the version and the name; once only, where the one holds the other.</summary>
public static class MigrationTitle
{
    public static string Of(string version, string name) => Visible.Line(name.Length == 0 || version.EndsWith($"_{name}", StringComparison.Ordinal) ? version : $"{version} {name}");
}
