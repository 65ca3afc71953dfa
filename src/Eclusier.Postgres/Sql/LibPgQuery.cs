using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

using Eclusier.Files;

namespace Eclusier.Postgres.Sql;

/// <summary>What the parser made of one text: a tree in JSON, or the reason why not.</summary>
public sealed record ParseOutcome(byte[]? Json, string? Error)
{
    /// <returns>Null: the parser did not know the text, or what it answered is no JSON. Of some PL/pgSQL bodies Debian's library of grammar 18 closes more than it opened.</returns>
    public TreeNode? Root() => Json is { } json && TreeJson.Read(json) is { } fields ? new TreeNode("", fields) : null;
}

/// <summary>PostgreSQL's own parser (libpg_query). Thread-safe: threads with a large stack serve everybody.</summary>
public static partial class LibPgQuery
{
    /// <summary>UTF-8 bytes of a text beyond which it is not parsed: a tree takes many times the text's size.</summary>
    public const int LongestText = 16 * 1024 * 1024;

    /// <summary>The parser recurses: 64 MB hold an expression of 200,000 terms, where 1 MB ends the process at 10,000.</summary>
    private const int StackBytes = 64 * 1024 * 1024;

    private const string Library = "pg_query";

    /// <summary>What libpg_query, which knows no types, says of a variable with a collation.</summary>
    private const string NoCollations = "collations are not supported by type";

    /// <summary>Texts that one thread takes at a time.</summary>
    private const int Portion = 256;

    private static readonly Lazy<BlockingCollection<Request>> Requests = new(StartThreads);

    /// <exception cref="EclusierException">The library is not installed.</exception>
    public static ParseOutcome Parse(string sql) => Ask(() => ParseHere(sql));

    /// <summary>Parses several texts, and does something with each outcome, on as many threads as there are cores.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="use">Gets each text's index and outcome; several may run at the same time.</param>
    /// <exception cref="EclusierException">The library is not installed.</exception>
    public static void ParseAll(IReadOnlyList<string> texts, Action<int, ParseOutcome> use)
    {
        var portions = Enumerable.Range(0, (texts.Count + Portion - 1) / Portion).Select(portion => Send(() =>
        {
            for (var index = portion * Portion; index < Math.Min(texts.Count, (portion + 1) * Portion); index++)
                use(index, ParseHere(texts[index]));
            return 0;
        })).ToArray();
        foreach (var portion in portions)
        {
            using (portion)
                portion.Wait();
        }
    }

    /// <summary>Parses the PL/pgSQL body of a DO or CREATE FUNCTION statement; the statements in it are still text.</summary>
    /// <exception cref="EclusierException">The library is not installed.</exception>
    public static ParseOutcome ParseBody(string statement) => Ask(() => ParseBodyHere(statement));

    /// <summary>The statement with a parameter for each of its literals, which may hold what is nobody's business.</summary>
    /// <returns>Null when the parser does not know the statement.</returns>
    /// <exception cref="EclusierException">The library is not installed.</exception>
    public static string? WithoutLiterals(string sql) => Ask(() => NormalizeHere(sql));

    /// <summary>Whose grammar it is: a major version of PostgreSQL, such as 18.</summary>
    /// <exception cref="EclusierException">The library is not installed.</exception>
    public static int GrammarVersion()
    {
        using var tree = JsonDocument.Parse(Parse("select 1").Json!);
        return tree.RootElement.GetProperty("version").GetInt32() / 10_000;
    }

    private static T Ask<T>(Func<T> work)
    {
        using var request = Send(work);
        return request.Wait();
    }

    private static Request<T> Send<T>(Func<T> work)
    {
        var request = new Request<T>(work);
        Requests.Value.Add(request);
        return request;
    }

    private static BlockingCollection<Request> StartThreads()
    {
        NativeLibrary.SetDllImportResolver(typeof(LibPgQuery).Assembly, Load);
        var requests = new BlockingCollection<Request>();
        for (var number = 0; number < Environment.ProcessorCount; number++)
            new Thread(() => Serve(requests), StackBytes) { IsBackground = true, Name = "libpg_query" }.Start();
        return requests;
    }

    private static void Serve(BlockingCollection<Request> requests)
    {
        foreach (var request in requests.GetConsumingEnumerable())
            request.Run();
    }

    private static ParseOutcome ParseHere(string sql)
    {
        if (Unparsable(sql) is { } reason)
            return new ParseOutcome(null, reason);
        var result = pg_query_parse(Encoding.UTF8.GetBytes(sql + '\0'));
        try
        {
            return Outcome(result.Tree, result.Error);
        }
        finally
        {
            pg_query_free_parse_result(result);
        }
    }

    private static ParseOutcome ParseBodyHere(string sql)
    {
        if (Unparsable(sql) is { } reason)
            return new ParseOutcome(null, reason);
        var outcome = ParseBodyAsItIs(sql);
        return outcome.Error?.StartsWith(NoCollations, StringComparison.Ordinal) == true ? ParseBodyAsItIs(DeclaredCollation().Replace(sql, Blank)) : outcome;
    }

    private static string Blank(Match match) => new([.. match.Value.Select(letter => letter is '\n' or '\r' ? letter : ' ')]);

    [GeneratedRegex("""\bcollate\s+("[^"]+"|[\w.]+)(?=\s*(:=|=|;|not\s+null\b|default\b))""", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase, 60_000)]
    private static partial Regex DeclaredCollation();

    private static ParseOutcome ParseBodyAsItIs(string sql)
    {
        var result = pg_query_parse_plpgsql(Encoding.UTF8.GetBytes(sql + '\0'));
        try
        {
            return Outcome(result.Functions, result.Error);
        }
        finally
        {
            pg_query_free_plpgsql_parse_result(result);
        }
    }

    private static string? NormalizeHere(string sql)
    {
        if (Unparsable(sql) is not null)
            return null;
        var result = pg_query_normalize(Encoding.UTF8.GetBytes(sql + '\0'));
        try
        {
            return result.Error == IntPtr.Zero ? Marshal.PtrToStringUTF8(result.Text) : null;
        }
        finally
        {
            pg_query_free_normalize_result(result);
        }
    }

    private static string? Unparsable(string sql) =>
        Encoding.UTF8.GetByteCount(sql) > LongestText ? "too long to be parsed" : sql.Contains('\0') ? "contains a NUL character" : null;

    /// <summary>PgQueryError begins with the message.</summary>
    private static ParseOutcome Outcome(IntPtr tree, IntPtr error) => error == IntPtr.Zero
        ? new ParseOutcome(Bytes(tree), null)
        : new ParseOutcome(null, Marshal.PtrToStringUTF8(Marshal.ReadIntPtr(error)) ?? "syntax error");

    private static byte[] Bytes(IntPtr text)
    {
        var length = checked((int)strlen(text));
        var bytes = new byte[length];
        Marshal.Copy(text, bytes, 0, length);
        return bytes;
    }

    /// <summary>What the package for .NET brings.</summary>
    private static string BesideTheProgram => Path.Combine(AppContext.BaseDirectory, "libpg_query.so");

    private static IntPtr Load(string name, Assembly assembly, DllImportSearchPath? path)
    {
        if (name != Library)
            return IntPtr.Zero;
        var own = HostVariables.Find("ECLUSIER_LIBPG_QUERY");
        string[] candidates = string.IsNullOrEmpty(own) ? [BesideTheProgram, .. InstalledLibrary.Versions("libpg_query"), "libpg_query"] : [own];
        foreach (var candidate in candidates)
        {
            if (NativeLibrary.TryLoad(candidate, assembly, path, out var handle))
                return handle;
        }

        throw new InvalidInputException(
            new Text("PostgreSQL's parser, libpg_query, is not installed.", "L'analyseur de PostgreSQL, libpg_query, n'est pas installé."),
            string.Join(", ", candidates.Where(candidate => candidate != BesideTheProgram)),
            new Text(
                "Install it (Debian: the newest of `apt-cache search libpg-query`), or set ECLUSIER_LIBPG_QUERY to the library's path.",
                "Installez-le (Debian : le plus récent de `apt-cache search libpg-query`), ou donnez le chemin de la bibliothèque dans ECLUSIER_LIBPG_QUERY."));
    }

    private abstract class Request
    {
        public abstract void Run();
    }

    private sealed class Request<T>(Func<T> work) : Request, IDisposable
    {
        private readonly ManualResetEventSlim _done = new();
        private T? _result;
        private Exception? _failure;

        public override void Run()
        {
            try
            {
                _result = work();
            }
            // Whatever happens belongs to the caller; the thread must live on for the next one.
            catch (Exception exception)
            {
                _failure = exception;
            }
            _done.Set();
        }

        public T Wait()
        {
            _done.Wait();
            if (_failure is EclusierException expected)
                ExceptionDispatchInfo.Throw(expected);
            return _failure is null ? _result! : throw new InvalidOperationException("libpg_query failed.", _failure);
        }

        public void Dispose() => _done.Dispose();
    }

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct ParseResult
    {
        public readonly IntPtr Tree;
        public readonly IntPtr StandardError;
        public readonly IntPtr Error;
    }

    [DllImport(Library, ExactSpelling = true)]
    private static extern ParseResult pg_query_parse(byte[] sql);

    [DllImport(Library, ExactSpelling = true)]
    private static extern void pg_query_free_parse_result(ParseResult result);

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct BodyResult
    {
        public readonly IntPtr Functions;
        public readonly IntPtr Error;
    }

    [DllImport(Library, ExactSpelling = true)]
    private static extern BodyResult pg_query_parse_plpgsql(byte[] sql);

    [DllImport(Library, ExactSpelling = true)]
    private static extern void pg_query_free_plpgsql_parse_result(BodyResult result);

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct NormalizeResult
    {
        public readonly IntPtr Text;
        public readonly IntPtr Error;
    }

    [DllImport(Library, ExactSpelling = true)]
    private static extern NormalizeResult pg_query_normalize(byte[] sql);

    [DllImport(Library, ExactSpelling = true)]
    private static extern void pg_query_free_normalize_result(NormalizeResult result);

    [DllImport("libc", ExactSpelling = true)]
    private static extern nuint strlen(IntPtr text);
}
