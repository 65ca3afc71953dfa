using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Eclusier.Postgres.Connections;

/// <summary>Settings of Npgsql that must be made before its first command.</summary>
internal static class NpgsqlSetup
{
    /// <summary>
    /// Statements go to the server as they stand. Npgsql's own rewriting looks for <c>@name</c> and for semicolons, and
    /// would cut a <c>begin atomic</c> body in two. Parameters are positional (<c>$1</c>) everywhere.
    /// </summary>
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "Npgsql reads the switch once, when its first command is made.")]
    internal static void SendStatementsAsTheyStand() => AppContext.SetSwitch("Npgsql.EnableSqlRewriting", isEnabled: false);
}
