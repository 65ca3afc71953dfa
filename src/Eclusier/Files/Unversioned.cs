namespace Eclusier.Files;

/// <summary>Folders of ours within a user's repository: <c>git add .</c> leaves them alone, without a line in a file of the user's.</summary>
public static class Unversioned
{
    private const string Rule = "*\n";

    /// <summary>Makes the folder (mode 0700) with a <c>.gitignore</c> in it that covers everything, itself included. Where there is one already, it stays.</summary>
    /// <exception cref="Exception">See <see cref="DiskFault"/>.</exception>
    public static void CreateFolder(string folder)
    {
        OwnerOnly.CreateFolder(folder);
        var file = Path.Combine(folder, ".gitignore");
        if (!File.Exists(file))
            OwnerOnly.Write(file, Rule);
    }

    /// <summary>Whether it was made as above.</summary>
    /// <exception cref="Exception">See <see cref="DiskFault"/>.</exception>
    public static bool Is(string folder) => Path.Combine(folder, ".gitignore") is var file && File.Exists(file) && File.ReadAllText(file) == Rule;

    /// <summary>A folder below <c>.eclusier/</c>, which is made as above.</summary>
    /// <param name="directory">The runbook's.</param>
    /// <exception cref="Exception">See <see cref="DiskFault"/>.</exception>
    public static string CreateOwn(string directory, params ReadOnlySpan<string> below)
    {
        var own = Path.Combine(directory, ".eclusier");
        CreateFolder(own);
        var folder = Path.Combine([own, .. below]);
        OwnerOnly.CreateFolder(folder);
        return folder;
    }
}
