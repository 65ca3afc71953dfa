namespace Eclusier.Runbooks;

/// <summary>A query whose result must be the same before and after the migrations.</summary>
/// <param name="Query">In the language of <paramref name="System"/>.</param>
public sealed record Invariant(string Name, string Query, DatabaseSystem System = DatabaseSystem.PostgreSql);

/// <summary>A question with an expected answer, asked after the migrations (and before, where <see cref="Before"/> says what to expect then).</summary>
public sealed record Check
{
    /// <summary>Of a check that asks a rule of the diagnosis.</summary>
    public const string FindingKind = "finding";

    public required string Name { get; init; }

    /// <summary>Of the query: <c>sql</c>; or <c>find</c>, <c>count</c>, <c>aggregate</c>, which are MongoDB's. Or <c>finding</c>, or <c>http</c>.</summary>
    public string Kind { get; init; } = "sql";

    /// <summary>SQL, or a command of MongoDB's in extended JSON; null when this is another kind of check.</summary>
    public string? Query { get; init; }

    /// <summary>A rule of the diagnosis to ask; null when this is another kind of check.</summary>
    public DiagnosticScope? Finding { get; init; }

    /// <summary>The kind of database that understands the query; null when this is an HTTP check.</summary>
    public DatabaseSystem? System => Query is null && Finding is null ? null : Kind is "sql" or FindingKind ? DatabaseSystem.PostgreSql : DatabaseSystem.MongoDb;

    /// <summary>A URL to ask; null when the database is asked.</summary>
    public string? Http { get; init; }

    public string Method { get; init; } = "GET";

    /// <summary>Sent as UTF-8; JSON, unless a header says what else it is.</summary>
    public string? Body { get; init; }

    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>What must hold after the migrations.</summary>
    public Expectation Expect { get; init; } = new();

    /// <summary>What must hold before them; null: not asked then.</summary>
    public Expectation? Before { get; init; }

    /// <summary>What is asked before the migrations instead of <see cref="Query"/>: the same question to what was there then; null: the same words.</summary>
    public string? BeforeQuery { get; init; }

    /// <summary>Measured before and after the migrations, and compared.</summary>
    public bool Compare { get; init; }

    /// <summary>How many times as fast it must then be; null: no demand.</summary>
    public double? Faster { get; init; }

    /// <summary>How many times a timed check is measured, after one run that does not count. The 95th percentile must be under the limit.</summary>
    public int Samples { get; init; } = 1;
}

/// <summary>All that is not null must hold.</summary>
public sealed record Expectation
{
    /// <summary>The first column of the only row, as text (numbers compare as numbers, booleans as booleans).</summary>
    public string? EqualTo { get; init; }

    /// <summary>The number of rows.</summary>
    public long? Rows { get; init; }

    /// <summary>Text that some cell, or the body of the HTTP answer, contains.</summary>
    public string? Contains { get; init; }

    /// <summary>The HTTP status.</summary>
    public int? Status { get; init; }

    public TimeSpan? Under { get; init; }
}
