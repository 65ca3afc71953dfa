namespace Eclusier.Tests.Shared;

/// <summary>The systems of <c>examples/</c>.</summary>
public static class Examples
{
    public static string Folder(string name)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var example = Path.Combine(folder.FullName, "examples", name);
            if (Directory.Exists(example))
                return example;
        }

        throw new DirectoryNotFoundException($"examples/{name}");
    }
}
