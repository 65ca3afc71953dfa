using Eclusier.Files;
using static Eclusier.Mongo.Tests.Short;

namespace Eclusier.Mongo.Tests;

/// <summary>MongoDB's own libraries for Node, which share no code with ours.</summary>
internal static class NodePackages
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Fetches them, or skips the test where that is not possible.</summary>
    public static async Task InstallAsync(string folder)
    {
        Assert.SkipUnless(OnPath("node") && OnPath("npm"), "Node and npm are not installed.");
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Token);
        patience.CancelAfter(Patience);
        try
        {
            var installed = await ChildProcess.RunAsync("npm", ["install", "--prefix", folder, "--no-audit", "--no-fund", "--loglevel=error", "mongodb@6", "bson@6"], null, patience.Token);
            Assert.SkipUnless(installed.ExitCode == 0, $"npm cannot install MongoDB's driver: {installed.Error}");
        }
        catch (OperationCanceledException) when (!Token.IsCancellationRequested)
        {
            Assert.Skip("npm cannot install MongoDB's driver in time.");
        }
    }

    private static bool OnPath(string program) =>
        Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));
}
