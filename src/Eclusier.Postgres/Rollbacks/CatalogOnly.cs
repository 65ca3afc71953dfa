namespace Eclusier.Postgres.Rollbacks;

/// <summary>Statements, by the names of the parser, that change nothing but the catalog: what it was before tells how to undo them.</summary>
internal static class CatalogOnly
{
    public static readonly HashSet<string> Statements = new(StringComparer.Ordinal)
    {
        "CreateStmt", "ViewStmt", "IndexStmt", "CreateSchemaStmt", "CreateEnumStmt", "CompositeTypeStmt", "CreateRangeStmt", "CreateDomainStmt",
        "CreateSeqStmt", "CreateExtensionStmt", "CreateFunctionStmt", "CreateTrigStmt", "CreatePolicyStmt", "AlterPolicyStmt", "RuleStmt", "SecLabelStmt",
        "AlterDefaultPrivilegesStmt", "CreateStatsStmt", "AlterStatsStmt", "CreatePublicationStmt", "AlterPublicationStmt",
        "CreateEventTrigStmt", "AlterEventTrigStmt", "CreateCastStmt", "AlterFunctionStmt", "AlterDomainStmt", "CreateOpClassStmt", "CreateOpFamilyStmt", "AlterOpFamilyStmt", "CreateConversionStmt",
        "CreateTransformStmt", "CreateAmStmt", "CreatePLangStmt", "AlterTSConfigurationStmt", "AlterTSDictionaryStmt", "CreateFdwStmt", "CreateForeignServerStmt", "CreateForeignTableStmt",
        "CreateUserMappingStmt", "ImportForeignSchemaStmt", "AlterDatabaseSetStmt", "AlterRoleSetStmt",
    };

    /// <summary>They leave the catalog as it is.</summary>
    public static readonly HashSet<string> Neutral = new(StringComparer.Ordinal)
    {
        "VariableSetStmt", "VariableShowStmt", "ConstraintsSetStmt", "ReindexStmt", "VacuumStmt", "ClusterStmt", "RefreshMatViewStmt", "LockStmt", "NotifyStmt", "CheckPointStmt",
    };

    /// <summary>These are no part of the database, or no snapshot holds them.</summary>
    public static readonly HashSet<string> OutsideTheCatalog = new(StringComparer.Ordinal) { "OBJECT_DATABASE", "OBJECT_ROLE", "OBJECT_TABLESPACE", "OBJECT_SUBSCRIPTION" };

    /// <summary>CASCADE takes columns along that use them, with their values.</summary>
    public static readonly HashSet<string> UsedByColumns = new(StringComparer.Ordinal) { "OBJECT_COLLATION", "OBJECT_LANGUAGE", "OBJECT_ACCESS_METHOD", "OBJECT_OPERATOR", "OBJECT_CAST", "OBJECT_TSCONFIGURATION" };

    public static readonly HashSet<string> LostWithTheirRows = new(StringComparer.Ordinal) { "OBJECT_TABLE", "OBJECT_SCHEMA", "OBJECT_SEQUENCE", "OBJECT_EXTENSION", "OBJECT_TYPE", "OBJECT_DOMAIN" };
}
