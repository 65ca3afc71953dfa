using Eclusier.Postgres.Sql;

namespace Eclusier.Postgres.Hazards;

/// <summary>The one list of rules.</summary>
public static class HazardRules
{
    public static IReadOnlyList<HazardRule> All { get; } =
    [
        DropTable.Rule,
        DropColumn.Rule,
        DropSchema.Rule,
        DropDatabase.Rule,
        DropOwned.Rule,
        Truncate.Rule,
        Delete.Rule,
        Update.Rule,
        CreateIndex.Rule,
        Reindex.Rule,
        AlterColumnType.Rule,
        NarrowType.Rule,
        SetNotNull.Rule,
        AddForeignKey.Rule,
        EnforceConstraint.Rule,
        AddCheck.Rule,
        DomainConstraint.Rule,
        AddUnique.Rule,
        AddColumnWithRewrite.Rule,
        SetExpression.Rule,
        VacuumFull.Rule,
        Cluster.Rule,
        LockTable.Rule,
        RenameTable.Rule,
        RenameColumn.Rule,
        ReplaceView.Rule,
        DropView.Rule,
        DropFunction.Rule,
        DropIndex.Rule,
        ValidateConstraint.Rule,
        AttachPartition.Rule,
        DetachPartition.Rule,
        CreatePartition.Rule,
        PartitionTable.Rule,
        SetLogged.Rule,
        SetTablespace.Rule,
        RefreshMaterializedView.Rule,
        CreateTrigger.Rule,
        ManyLocks.Rule,
        ChangeAndBackfill.Rule,
        NoLockTimeout.Rule,
        DropType.Rule,
        DropHelper.Rule,
        DropCascade.Rule,
        DropNotNull.Rule,
        DropConstraint.Rule,
        DisableTriggers.Rule,
        AddEnumValue.Rule,
        EnumValueUsed.Rule,
        RenameEnumValue.Rule,
        AddNotNullColumn.Rule,
        RenameFunction.Rule,
        FunctionSignature.Rule,
        MixedTransaction.Rule,
        ConcurrentlyInTransaction.Rule,
        RowSecurityMissing.Rule,
        RowSecurityOff.Rule,
        PowerfulRole.Rule,
        PolicyForAll.Rule,
        SecurityDefiner.Rule,
        GrantToPublic.Rule,
        ViewBypassesRowSecurity.Rule,
        PasswordInSql.Rule,
        IntPrimaryKey.Rule,
        TimestampWithoutZone.Rule,
        ColumnTypes.Rule,
        UnloggedTable.Rule,
        IfNotExists.Rule,
        LongIdentifier.Rule,
        DoBlock.Rule,
        FunctionCall.Rule,
        Unclassified.Rule,
    ];

    private static readonly HazardRule[] OfAnyStatement = [.. All.Where(rule => rule.Statements is null)];

    private static readonly Dictionary<string, HazardRule[]> ByStatement = All.SelectMany(rule => rule.Statements ?? []).Distinct(StringComparer.Ordinal)
        .ToDictionary(type => type, type => All.Where(rule => rule.Statements?.Contains(type) != false).ToArray(), StringComparer.Ordinal);

    /// <summary>Those that a statement can have, in the list's order.</summary>
    internal static IReadOnlyList<HazardRule> For(StatementNode node) => node.Tree is { } tree ? ByStatement.GetValueOrDefault(tree.Type, OfAnyStatement) : OfAnyStatement;

    /// <summary>What only the rehearsal can find, and a policy may permit: a function or a trigger that rewrites tables or inserts rows.</summary>
    private static readonly string[] Observed = ["rewrite", "insert"];

    public static IReadOnlySet<string> Ids { get; } = All.Select(rule => rule.Id).Concat(Observed).ToHashSet(StringComparer.Ordinal);

    /// <exception cref="InvalidInputException">A script allows a hazard that there is none of.</exception>
    internal static void RefuseUnknown(Directives directives, string file)
    {
        if (directives.Allow.Keys.FirstOrDefault(rule => !Ids.Contains(rule)) is { } unknown)
            throw Unknown(unknown, $"{file}:{directives.AllowedAt[unknown].Line}:{directives.AllowedAt[unknown].Column}");
    }

    internal static EclusierException Unknown(string rule, string? where) => new InvalidInputException(
        new Text($"Unknown hazard \"{rule}\".", $"Danger inconnu « {rule} »."),
        where,
        NearestName.Meant(rule, Ids)
            ?? new Text($"Known: {string.Join(", ", Ids)}.", $"Connus : {string.Join(", ", Ids)}."));
}
