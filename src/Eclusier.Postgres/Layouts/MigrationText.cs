using System.Security.Cryptography;
using System.Text;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Layouts;

/// <summary>The text of a migration file and its checksum.</summary>
internal static class MigrationText
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <exception cref="EclusierException">Unreadable, not UTF-8, or without a statement (<see cref="ExitCode.Usage"/>).</exception>
    public static (string Text, string Checksum) Read(string path, string shownPath)
    {
        var bytes = WithoutMark(ReadBytes(path, shownPath));
        var text = Decode(bytes, shownPath);
        if (!HasStatement(text, shownPath))
        {
            throw new EclusierException(
                new Text("The migration is empty: it holds no statement.", "La migration est vide : elle ne contient aucune instruction."),
                shownPath,
                new Text("Write its SQL, or remove the file.", "Écrivez son SQL, ou supprimez le fichier."),
                ExitCode.Usage);
        }
        var normal = bytes.Contains((byte)'\r') ? Encoding.UTF8.GetBytes(text.Replace("\r\n", "\n", StringComparison.Ordinal)) : bytes;
        return (text, Convert.ToHexStringLower(SHA256.HashData(normal)));
    }

    private static byte[] ReadBytes(string path, string shownPath)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new EclusierException(
                new Text("The migration cannot be read.", "La migration ne peut pas être lue."),
                shownPath,
                new Text("Check the file's permissions.", "Vérifiez les droits du fichier."),
                ExitCode.Usage,
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
        throw new EclusierException(
            new Text($"The migration is not UTF-8 text: byte {wrong} is wrong.", $"La migration n'est pas un texte UTF-8 : l'octet {wrong} est invalide."),
            $"{shownPath}:{line}",
            new Text("Save the file as UTF-8.", "Enregistrez le fichier en UTF-8."),
            ExitCode.Usage);
    }

    private static bool HasStatement(string text, string shownPath)
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
