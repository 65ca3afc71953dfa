using Eclusier.Redaction;

namespace Eclusier.Postgres.Sql;

/// <summary>
/// Whether a runbook's text is one query that only reads, by PostgreSQL's own parser: a read-only transaction does not keep COPY from running a program, nor
/// PREPARE TRANSACTION from leaving one behind. Functions of the server whose effect no rollback takes back are refused by name; what others do, the
/// read-only transaction decides.
/// </summary>
public static class QueryText
{
    private static readonly string[] Beginnings = ["select", "with", "values", "table", "("];

    /// <summary>
    /// What a read-only transaction lets them do, and its end does not undo: end sessions, write files of the server, move replication, take or let go locks of
    /// the session (ours among them), reset statistics, work on another connection. Large objects could be written in read-only transactions before version 16.
    /// See https://www.postgresql.org/docs/current/functions-admin.html.
    /// </summary>
    private static readonly HashSet<string> Acting = new(StringComparer.Ordinal)
    {
        "pg_terminate_backend", "pg_cancel_backend", "pg_reload_conf", "pg_rotate_logfile", "pg_log_backend_memory_contexts", "pg_promote",
        "pg_create_restore_point", "pg_switch_wal", "pg_backup_start", "pg_backup_stop", "pg_start_backup", "pg_stop_backup", "pg_wal_replay_pause", "pg_wal_replay_resume",
        "pg_create_physical_replication_slot", "pg_create_logical_replication_slot", "pg_copy_physical_replication_slot", "pg_copy_logical_replication_slot", "pg_drop_replication_slot",
        "pg_replication_slot_advance", "pg_logical_slot_get_changes", "pg_logical_slot_get_binary_changes", "pg_logical_emit_message", "pg_sync_replication_slots",
        "pg_file_write", "pg_file_rename", "pg_file_unlink", "pg_file_sync", "pg_notify", "pg_import_system_collations", "nextval", "setval", "set_config",
        "lo_export", "lo_import", "lo_create", "lo_creat", "lo_unlink", "lo_put", "lo_from_bytea", "lo_truncate", "lo_truncate64", "lowrite",
    };

    private static readonly string[] ActingFamilies = ["pg_advisory_", "pg_try_advisory_", "pg_stat_reset", "pg_stat_statements_reset", "pg_replication_origin_", "dblink"];

    /// <returns>Null when it is one.</returns>
    /// <exception cref="EclusierException">The parser's library is not installed.</exception>
    public static Text? Problem(string sql)
    {
        var outcome = LibPgQuery.Parse(sql);
        if (outcome.Root() is not { } root)
            return Unparsed(sql, outcome.Error ?? "");
        var count = root.Has("stmts") ? root.Fields.GetProperty("stmts").GetArrayLength() : 0;
        return count switch
        {
            0 => new Text("is empty; write one SELECT", "est vide ; écrivez un SELECT"),
            1 => Problem(StatementClassifier.Tree(outcome)),
            _ => new Text($"holds {count} statements; write one SELECT", $"contient {count} instructions ; écrivez un seul SELECT"),
        };
    }

    private static Text? Problem(TreeNode? tree)
    {
        if (tree is { Type: "VariableShowStmt" })
            return null;
        if (tree is not { Type: "SelectStmt" })
            return NoQuery(tree is null ? "?" : StatementKind.Of(tree).Replace('-', ' ').ToUpperInvariant());
        if (tree.Descendants("intoClause").Any())
            return new Text("makes a table (SELECT … INTO); leave INTO out", "crée une table (SELECT … INTO) ; retirez INTO");
        if (tree.Descendants("LockingClause").Any())
            return new Text("locks rows (FOR UPDATE or FOR SHARE); leave that out", "verrouille des lignes (FOR UPDATE ou FOR SHARE) ; retirez-le");
        if (tree.Descendants("ParamRef").Any())
            return new Text("has a parameter ($1), and nobody gives it a value; write the value", "a un paramètre ($1), auquel personne ne donne de valeur ; écrivez la valeur");
        if (tree.Descendants("FuncCall").Select(call => TableName.Of(call.Items("funcname")).Name).FirstOrDefault(Acts) is { } acting)
        {
            return new Text(
                $"calls {acting}(), which does something that no read-only transaction prevents or takes back; leave it out",
                $"appelle {acting}(), dont l'effet n'est ni empêché ni annulé par une transaction en lecture seule ; retirez-le");
        }

        string[] changes = ["InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt"];
        return changes.FirstOrDefault(type => tree.Descendants(type).Any()) is { } change ? NoQuery($"WITH … {change[..^4].ToUpperInvariant()}") : null;
    }

    /// <summary>Locks of the transaction end with it.</summary>
    private static bool Acts(string function) => Acting.Contains(function)
        || (Array.Exists(ActingFamilies, family => function.StartsWith(family, StringComparison.Ordinal)) && !function.Contains("_xact_", StringComparison.Ordinal));

    private static Text NoQuery(string statement) => new(
        $"is no query, but {statement}; what is asked here must only read: write one SELECT", $"n'est pas une requête, mais {statement} ; ce qui est demandé ici ne fait que lire : écrivez un SELECT");

    /// <summary>A mistake; or a query in the words of a server that is newer than the parser: that one answers for itself.</summary>
    private static Text? Unparsed(string sql, string error)
    {
        try
        {
            if (ScriptSplitter.Split(sql) is [var only] && Array.Exists(Beginnings, word => only.Sql.StartsWith(word, StringComparison.OrdinalIgnoreCase)))
                return null;
        }
        catch (EclusierException)
        {
            // It does not even split: the parser's own words say why.
        }

        var reason = Secrets.Redact(error);
        return new Text($"cannot be read as SQL: {reason}", $"ne se lit pas comme du SQL : {reason}");
    }
}
