using Eclusier.Planning;
using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>What a hazard hurts. Decides whether the table's size matters.</summary>
public enum HazardEffect
{
    /// <summary>Data is gone, or changed beyond return.</summary>
    LosesData,
    /// <summary>Others wait, for as long as the table is large.</summary>
    Blocks,
    /// <summary>Clients that use the old shape fail.</summary>
    BreaksClients,
    /// <summary>Rows or functions are open to those who should not reach them.</summary>
    OpensAccess,
    /// <summary>A later migration will pay for it.</summary>
    Habit,
    /// <summary>The plan cannot see what it does.</summary>
    Unseen,
}

/// <summary>How long a statement holds its lock: for a moment, or for a time that grows with the table.</summary>
public enum TableWork
{
    Moment,
    /// <summary>Reads every row.</summary>
    Scan,
    /// <summary>Writes every row and every index anew.</summary>
    Rewrite,
}

/// <summary>A rule: data and a pure function. Its documentation is generated from the same data (<c>docs/hazards.md</c>).</summary>
/// <param name="Id">Stable; what a runbook's <c>forbid</c> and <c>allow</c> name.</param>
/// <param name="Check">All places in one statement where the rule applies.</param>
public sealed record HazardRule(string Id, Risk Severity, HazardEffect Effect, Func<StatementNode, HazardContext, IEnumerable<HazardFinding>> Check)
{
    /// <summary>The parser's names of the statements that it is about; null: any. A rule is not asked about others, which is most of what makes a long script fast.</summary>
    public IReadOnlyList<string>? Statements { get; init; }

    /// <summary>What happens, and why.</summary>
    public required Text Why { get; init; }

    /// <summary>The strongest lock that it takes on <see cref="On"/>; null where locks are not what it is about.</summary>
    public LockMode? Lock { get; init; }

    /// <summary>The relation of the examples that <see cref="Lock"/> and <see cref="Work"/> are claimed of.</summary>
    public string On { get; init; } = "orders";

    public TableWork Work { get; init; }

    /// <summary>SQL in which the rule fires, on the tables of <see cref="ExampleSchema"/>.</summary>
    public required string Bad { get; init; }

    /// <summary>SQL that does the same safely, and in which no rule of the same severity fires.</summary>
    public required string Good { get; init; }

    /// <summary>The PostgreSQL version that brought the statement; 0: every supported one has it.</summary>
    public int Introduced { get; init; }

    /// <summary>The PostgreSQL version from which the safe way works; 0: every supported one.</summary>
    public int Since { get; init; }
}

/// <param name="Table">The table in danger; null when there is none. One that the plan itself creates is in no danger.</param>
/// <param name="Severity">Null: the rule's own.</param>
/// <param name="Remedy">SQL that does the same safely, or what to do, as a comment; null: the rule's example shows it.</param>
public sealed record HazardFinding(Text Message, TableName? Table = null, Risk? Severity = null, string? Remedy = null)
{
    /// <summary>Null: the rule's own.</summary>
    public LockMode? Lock { get; init; }

    /// <summary>Null: the rule's own.</summary>
    public TableWork? Work { get; init; }
}
