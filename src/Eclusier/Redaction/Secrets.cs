namespace Eclusier.Redaction;

/// <summary>
/// Keeps secrets out of everything that a user or a file can see. Passwords are remembered where they enter (a database's address,
/// the runbook's variables, literals of SQL) and replaced in values before those are shown or written: never in finished text, and never in
/// what identifies. Two kinds of values there are: what comes from elsewhere (a server's message, another program's output, rows, SQL) goes through
/// <see cref="Redact"/> where it enters; our own sentences (<c>Text</c>) keep their words, and lose only what can be nothing but a secret.
/// </summary>
/// <remarks>
/// A process that has one run, as the command line does, has one store. Whoever carries several runs in one process calls <see cref="Apart"/> for each.
/// </remarks>
public static class Secrets
{
    /// <summary>What stands in a secret's place.</summary>
    internal const string Mask = "***";

    private static readonly SecretStore OfProcess = new(around: null);
    private static readonly AsyncLocal<SecretStore?> OfRun = new();

    private static SecretStore Store => OfRun.Value ?? OfProcess;

    /// <summary>
    /// From here on, and in all that is started from here (<c>await</c>, tasks, threads), what is remembered is known to nobody else. What was known before stays known.
    /// Begin it before the runbook is read: that is where most passwords enter.
    /// </summary>
    /// <returns>Ends it where it was begun, when all that was started has ended.</returns>
    public static IDisposable Apart() => new Run(OfRun.Value);

    /// <param name="secret">As it is, not encoded.</param>
    /// <param name="user">Whose it is: HTTP sends both together, in base64.</param>
    public static void Remember(string? secret, string? user = null) => Store.Remember(secret, user);

    /// <summary>
    /// What identifies: a database, its user, its host. Many a password is one of these (<c>postgres:postgres@…/postgres</c>), and whoever
    /// replaced the word wherever it stands would break names, and tell by the very gap what the password is.
    /// </summary>
    public static void RememberName(string? name) => Store.RememberName(name);

    /// <summary>
    /// Text that was not written by us, with <c>***</c> for what stands in a secret's place (URLs, <c>password=</c>, <c>PASSWORD '…'</c>) and for all
    /// remembered secrets, in any encoding; those that are words only where they are whole words. Takes time in proportion to the text.
    /// </summary>
    public static string Redact(string text) => Store.Redact(text);

    /// <summary>A sentence of ours, which may have something of the user's in it: only what can be nothing but a secret is replaced.</summary>
    internal static string WithoutUnmistakable(string sentence) => Store.WithoutUnmistakable(sentence);

    private sealed class Run : IDisposable
    {
        private readonly SecretStore? _before;

        public Run(SecretStore? before)
        {
            _before = before;
            OfRun.Value = new SecretStore(before ?? OfProcess);
        }

        public void Dispose() => OfRun.Value = _before;
    }
}
