using System.Diagnostics;
using System.Text;

namespace Eclusier.EndToEnd;

/// <summary>The program at a terminal (util-linux's <c>script</c> makes one), where somebody types.</summary>
internal sealed class Terminal : IDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _shown = new();
    private readonly CancellationTokenSource _patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

    private Terminal(Process process)
    {
        _process = process;
        _process.StandardInput.AutoFlush = true;
        _patience.CancelAfter(TimeSpan.FromSeconds(90));
    }

    public string Shown => _shown.ToString();

    public static Terminal Start(Project project, params string[] arguments)
    {
        var start = new ProcessStartInfo("script", ["-qec", string.Join(' ', arguments.Prepend(Cli.Program).Select(word => $"'{word}'")), "/dev/null"])
        {
            UseShellExecute = false,
            WorkingDirectory = project.Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        foreach (var (name, value) in project.Environment())
            start.Environment[name] = value;
        start.Environment["TERM"] = "dumb";
        return new Terminal(Process.Start(start)!);
    }

    /// <summary>Waits until that much is shown, then types.</summary>
    public async Task TypeAsync(string after, string keys)
    {
        var begin = _shown.Length;
        while (!_shown.ToString(begin, _shown.Length - begin).Contains(after, StringComparison.Ordinal))
            Assert.True(await ReadAsync(), $"the program ended before it said: {after}\n{_shown}");
        await _process.StandardInput.WriteAsync(keys);
    }

    /// <param name="keys">Typed again as long as the program goes on: a terminal forgets an end of input that comes before it is read from.</param>
    /// <returns>The program's exit code.</returns>
    public async Task<int> EndAsync(string? keys = null)
    {
        var ended = ReadToEndAsync();
        while (keys is not null && await Task.WhenAny(ended, Task.Delay(500, _patience.Token)) != ended)
            await _process.StandardInput.WriteAsync(keys);
        await ended;
        await _process.WaitForExitAsync(_patience.Token);
        return _process.ExitCode;
    }

    private async Task ReadToEndAsync()
    {
        while (await ReadAsync())
        {
        }
    }

    private async Task<bool> ReadAsync()
    {
        var buffer = new char[4096];
        var read = await _process.StandardOutput.ReadAsync(buffer, _patience.Token);
        _shown.Append(buffer, 0, read);
        return read > 0;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        _process.Dispose();
        _patience.Dispose();
    }
}
