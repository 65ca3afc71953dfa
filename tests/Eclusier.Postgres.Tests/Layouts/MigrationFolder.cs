namespace Eclusier.Postgres.Tests.Layouts;

/// <summary>A folder that is gone after the test.</summary>
internal sealed class MigrationFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("eclusier-test-").FullName;

    public MigrationFolder With(string name, string text)
    {
        File.WriteAllText(System.IO.Path.Combine(Path, name), text);
        return this;
    }

    public MigrationFolder With(string name, byte[] bytes)
    {
        File.WriteAllBytes(System.IO.Path.Combine(Path, name), bytes);
        return this;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
