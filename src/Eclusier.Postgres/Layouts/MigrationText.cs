using System.Security.Cryptography;
using System.Text;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Layouts;

/// <summary>What lies in a migration's file.</summary>
/// <param name="Text">All of it, without byte order mark.</param>
/// <param name="Checksum">SHA-256 (lower-case hex) of it and of what it includes, with LF line ends.</param>
/// <param name="Raw">SHA-256 (lower-case hex) of the file as it lies there, as other tools take it.</param>
internal sealed record MigrationContent(string Text, MigrationParts Parts, string Checksum, string Raw);

/// <summary>The text of a migration file, with what it includes, and its checksum.</summary>
internal static class MigrationText
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <param name="path">Absolute, or relative to the current folder.</param>
    /// <param name="shownPath">Its name in errors.</param>
    /// <param name="baseFolder">Where the paths of <c>\i</c> start from.</param>
    /// <param name="layout">Whose language the file is in.</param>
    /// <exception cref="InvalidInputException">Unreadable, not UTF-8, or in the language of another tool.</exception>
    public static MigrationContent Read(string path, string shownPath, string baseFolder, IMigrationLayout layout)
    {
        var raw = ReadBytes(path, shownPath);
        var bytes = WithoutMark(raw);
        var text = Decode(bytes, shownPath);
        ForeignMarkers.Refuse(text, shownPath, layout.Name);
        var parts = layout.Parts(text, shownPath);
        var script = IncludedFiles.Follow(parts.Up, path, baseFolder);
        parts = parts with { Up = script, Down = parts.Down is null ? null : IncludedFiles.Follow(parts.Down, path, baseFolder) };
        var checksum = Checksum(text, script, bytes);
        var isAsItLies = bytes == raw && script.Included.Count == 0 && !bytes.Contains((byte)'\r');
        return new MigrationContent(text, parts, checksum, isAsItLies ? checksum : Convert.ToHexStringLower(SHA256.HashData(raw)));
    }

    /// <exception cref="InvalidInputException">Unreadable, or not UTF-8.</exception>
    public static string ReadText(string path, string shownPath) => Decode(WithoutMark(ReadBytes(path, shownPath)), shownPath);

    /// <summary>SHA-256 (lower-case hex) of a text by itself.</summary>
    public static string Checksum(string text) => Convert.ToHexStringLower(SHA256.HashData(Normal(text)));

    /// <summary>SHA-256 (lower-case hex) of a text as it would lie on a machine with these line ends, and on one with those.</summary>
    public static IEnumerable<string> ChecksumsOfEitherLineEnds(string text) =>
        [Checksum(text), Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.Replace("\r\n", "\n", StringComparison.Ordinal)
            .Replace("\n", "\r\n", StringComparison.Ordinal))))];

    private static string Checksum(string text, ScriptSource script, byte[] bytes)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(bytes.Contains((byte)'\r') ? Normal(text) : bytes);
        foreach (var included in script.All().Skip(1))
            hash.AppendData(Normal(included.Text));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static byte[] Normal(string text) => Encoding.UTF8.GetBytes(text.Replace("\r\n", "\n", StringComparison.Ordinal));

    private static byte[] ReadBytes(string path, string shownPath)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException(
                File.Exists(path) ? new Text("The migration cannot be read.", "La migration ne peut pas être lue.")
                    : new Text("The migration's file is not there.", "Le fichier de la migration n'existe pas."),
                shownPath,
                File.Exists(path) ? new Text("Check the file's permissions.", "Vérifiez les droits du fichier.") : new Text("Put it back.", "Remettez-le."),
                exception);
        }
    }

    private static byte[] WithoutMark(byte[] bytes) => bytes.AsSpan().StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? bytes[3..] : bytes;

    private static string Decode(byte[] bytes, string shownPath)
    {
        var wrong = Array.IndexOf(bytes, (byte)0);
        try
        {
            // A NUL byte is UTF-8, but PostgreSQL's text cannot hold it; it is how UTF-16 without a mark shows.
            if (wrong < 0)
                return Strict.GetString(bytes);
        }
        catch (DecoderFallbackException exception)
        {
            wrong = Math.Max(0, exception.Index);
        }
        var line = bytes.AsSpan(0, wrong).Count((byte)'\n') + 1;
        throw new InvalidInputException(
            new Text($"The migration is not UTF-8 text: byte {wrong} is wrong.", $"La migration n'est pas un texte UTF-8 : l'octet {wrong} est invalide."),
            $"{shownPath}:{line}",
            new Text("Save the file as UTF-8.", "Enregistrez le fichier en UTF-8."));
    }

    public static bool HasStatement(string text, string shownPath)
    {
        var lexer = new SqlLexer(text, shownPath);
        while (lexer.Next(out var token))
        {
            if (token.Kind != TokenKind.Comment && text[token.Start] != ';')
                return true;
        }
        return false;
    }
}
