namespace Eclusier.Cli;

/// <summary>Data for the user, on standard output, without secrets.</summary>
internal static class Output
{
    public static void Write(string text) => Console.Out.WriteLine(Secrets.Redact(text));
}
