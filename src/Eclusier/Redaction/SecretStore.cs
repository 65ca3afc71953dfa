namespace Eclusier.Redaction;

/// <summary>The secrets that one run knows, and those known around it. Thread-safe.</summary>
internal sealed class SecretStore(SecretStore? around)
{
    /// <summary>Shorter ones are found by their place alone: everywhere else they would be pieces of ordinary words.</summary>
    private const int ShortestSought = 4;

    /// <summary>Secrets of more letters and digits than this, with both among them, are no words and no names.</summary>
    private const int ShortestUnmistakable = 8;

    private readonly Lock _changing = new();
    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<(string Secret, string? User)> _remembered = [];
    private volatile Sought? _sought;
    private int _changes;

    /// <summary>How often something was added, here or around.</summary>
    private int Changes => Volatile.Read(ref _changes) + (around?.Changes ?? 0);

    public void Remember(string? secret, string? user)
    {
        if (secret is not { Length: >= ShortestSought })
            return;
        lock (_changing)
        {
            if (_remembered.Add((secret, user)))
                _changes++;
        }
    }

    public void RememberName(string? name)
    {
        if (string.IsNullOrEmpty(name))
            return;
        lock (_changing)
        {
            if (_names.Add(name))
                _changes++;
        }
    }

    public string Redact(string text)
    {
        var sought = Current();
        return sought.Words.Hide(sought.Unmistakable.Hide(SecretPlaces.Hide(text)));
    }

    public string WithoutUnmistakable(string sentence) => Current().Unmistakable.Hide(SecretPlaces.HideInUrls(sentence));

    /// <summary>Letters and digits or signs together, and enough of them: by chance nothing else is written so.</summary>
    private static bool IsUnmistakable(string secret) =>
        secret.Length >= ShortestUnmistakable && secret.Any(char.IsLetter) && secret.Any(character => !char.IsLetter(character) && character is not ('_' or '-' or ' '));

    private Sought Current()
    {
        if (_sought is { } known && known.Changes == Changes)
            return known;
        // Counted before anything is read: what is added meanwhile makes this one old.
        var changes = Changes;
        var (names, remembered) = (new HashSet<string>(StringComparer.OrdinalIgnoreCase), new HashSet<(string Secret, string? User)>());
        for (var store = this; store is not null; store = store.Around)
            store.AddTo(names, remembered);
        var secrets = remembered.Where(each => !names.Contains(each.Secret)).ToLookup(each => IsUnmistakable(each.Secret));
        return _sought = new Sought(
            new SecretSearch(secrets[true].SelectMany(each => SecretForms.Of(each.Secret, each.User)), wholeWords: false),
            new SecretSearch(secrets[false].SelectMany(each => SecretForms.Of(each.Secret, each.User)), wholeWords: true),
            changes);
    }

    private SecretStore? Around => around;

    private void AddTo(HashSet<string> names, HashSet<(string Secret, string? User)> remembered)
    {
        lock (_changing)
        {
            names.UnionWith(_names);
            remembered.UnionWith(_remembered);
        }
    }

    private sealed record Sought(SecretSearch Unmistakable, SecretSearch Words, int Changes);
}
