using Eclusier.Evidence;
using Eclusier.Postgres.Connections;
using Eclusier.Postgres.Sql;
using Npgsql;

namespace Eclusier.Postgres.Backups;

/// <summary>
/// What of a database is the user's own, so that a restore in place can replace it, and what is others': hosted servers have schemas, triggers and extensions of their own in it.
/// </summary>
/// <param name="Emptying">Statements that remove everything of the user's.</param>
/// <param name="Others">A query for what belongs to others (class, object, part): nothing of it may be missing afterwards.</param>
/// <param name="Again">Statements for the user's triggers on others' tables, which go and come with their functions.</param>
/// <param name="Roles">Whose objects are the user's to replace.</param>
/// <param name="OtherRoles">The server's other roles.</param>
/// <param name="Schemas">Those that stay, and are not made again.</param>
/// <param name="Extensions">Likewise.</param>
internal sealed record OwnObjects(
    IReadOnlyList<string> Emptying, string Others, IReadOnlyList<string> Again, IReadOnlySet<string> Roles, IReadOnlySet<string> OtherRoles, IReadOnlySet<string> Schemas, IReadOnlySet<string> Extensions, LeftAlone Left)
{
    /// <summary>Casts and the like that have no owner and are others', as a dump names them.</summary>
    public IReadOnlySet<string> WithoutOwner { get; init; } = new HashSet<string>();

    private static readonly string Owned = EmbeddedScript.Read("Backups.owned.sql");

    private static readonly string OthersQuery = EmbeddedScript.Read("Backups.others.sql");

    private const string PublishedSchemas =
        "from pg_publication_namespace r join pg_publication p on p.oid = r.pnpubid where not pg_has_role(p.pubowner, 'USAGE')";

    /// <summary>What of others rests on a schema itself, and not on what is in it.</summary>
    private static string OfOthers(NpgsqlConnection connection) => $"""
        select defaclnamespace from pg_default_acl where not pg_has_role(defaclrole, 'USAGE')
        {(connection.PostgreSqlVersion.Major >= 15 ? $"union all select r.pnnspid {PublishedSchemas}" : "")}
        """;

    /// <summary>
    /// What has no owner and is not the user's, as a dump names it (the type stands before the name of a comment): it stays, and cannot be made again.
    /// </summary>
    private static readonly string Unowned = $"""
        select coalesce(
          (select 'CAST (' || format_type(c.castsource, null) || ' AS ' || format_type(c.casttarget, null) || ')' from pg_cast c where o.classid = 'pg_cast'::regclass and c.oid = o.objid),
          (select 'TRANSFORM FOR ' || format_type(f.trftype, null) || ' LANGUAGE ' || l.lanname from pg_transform f join pg_language l on l.oid = f.trflang where o.classid = 'pg_transform'::regclass and f.oid = o.objid),
          upper(i.type) || ' ' || i.name)
        from ({Owned}) o, pg_identify_object(o.classid, o.objid, 0) i
        where not o.ours and not o.member and o.classid in ('pg_cast'::regclass, 'pg_transform'::regclass, 'pg_am'::regclass, 'pg_ts_parser'::regclass, 'pg_ts_template'::regclass)
        """;

    /// <summary>Triggers of tables of others that call a function of ours, as far as the user may make them again.</summary>
    private static readonly string Triggers = $"""
        select t.oid, pg_get_triggerdef(t.oid) as definition, t.tgfoid::regprocedure::text as function
        from pg_trigger t
        join ({Owned}) c on c.classid = 'pg_class'::regclass and c.objid = t.tgrelid and not c.ours
        join ({Owned}) f on f.classid = 'pg_proc'::regclass and f.objid = t.tgfoid and f.ours
        where not t.tgisinternal and t.tgenabled = 'O' and has_table_privilege(t.tgrelid, 'TRIGGER')
        """;

    /// <param name="dumped">The extensions that the dump has.</param>
    public static async Task<OwnObjects> FindAsync(NpgsqlConnection connection, IReadOnlyList<string> dumped, CancellationToken cancellationToken)
    {
        // Names come qualified only where no schema is searched.
        await connection.ExecuteAllAsync(["begin read only", "set local search_path = ''"], cancellationToken);
        try
        {
            var roles = await connection.RowsAsync("select rolname::text, pg_has_role(oid, 'USAGE') from pg_roles", row => (Name: row.GetString(0), Ours: row.GetBoolean(1)), cancellationToken);
            var schemas = await SchemasAsync(connection, cancellationToken);
            var extensions = await connection.RowsAsync(
                "select extname::text, pg_has_role(extowner, 'USAGE') from pg_extension", row => (Name: row.GetString(0), Ours: row.GetBoolean(1)), cancellationToken);
            var surplus = extensions.Where(extension => extension.Ours && extension.Name != "plpgsql" && !dumped.Contains(extension.Name, StringComparer.Ordinal)).Select(extension => extension.Name).ToList();
            var others = OthersQuery.Replace("{owned}", Owned, StringComparison.Ordinal)
                .Replace("{published_schemas}", connection.PostgreSqlVersion.Major >= 15 ? $"union all select 'pg_publication_namespace'::regclass, r.oid, 0 {PublishedSchemas}" : "", StringComparison.Ordinal)
                .Replace("{recreated}", $"select oid from ({Triggers}) ours", StringComparison.Ordinal)
                .Replace("{going}", $"array[{string.Join(", ", surplus.Select(Literal.Quote))}]::name[]", StringComparison.Ordinal);
            var going = schemas.Where(schema => schema.Goes).Select(schema => schema.Name).ToArray();
            string[] emptying =
            [
                .. surplus.Select(extension => $"drop extension if exists {Identifier.Quote(extension)} cascade"),
                .. going.Select(schema => $"drop schema {Identifier.Quote(schema)} cascade"),
                .. await RemovalsAsync(connection, going, cancellationToken),
                "select lo_unlink(oid) from pg_largeobject_metadata where pg_has_role(lomowner, 'USAGE')",
                .. await DefaultPrivilegesAsync(connection, going, cancellationToken),
                .. await OfStayingSchemasAsync(connection, going, cancellationToken),
            ];
            return new OwnObjects(
                emptying, others,
                await connection.RowsAsync(Triggers, row => $"do $again$ begin if to_regprocedure({Literal.Quote(row.GetString(2))}) is not null then execute {Literal.Quote(row.GetString(1))}; end if; end $again$", cancellationToken),
                roles.Where(role => role.Ours).Select(role => role.Name).ToHashSet(StringComparer.Ordinal),
                roles.Where(role => !role.Ours).Select(role => role.Name).ToHashSet(StringComparer.Ordinal),
                schemas.Where(schema => !schema.Goes).Select(schema => schema.Name).ToHashSet(StringComparer.Ordinal),
                extensions.Select(extension => extension.Name).Except(surplus, StringComparer.Ordinal).ToHashSet(StringComparer.Ordinal),
                await LeftAsync(connection, cancellationToken))
            {
                WithoutOwner = (await connection.RowsAsync(Unowned, row => row.GetString(0), cancellationToken)).ToHashSet(StringComparer.Ordinal),
            };
        }
        finally
        {
            await connection.ExecuteAsync("rollback", CancellationToken.None);
        }
    }

    /// <summary>A schema goes as a whole where it and all that is in it is the user's. <c>public</c> stays: a dump does not make it.</summary>
    private static Task<IReadOnlyList<(string Name, bool Goes)>> SchemasAsync(NpgsqlConnection connection, CancellationToken cancellationToken) => connection.RowsAsync(
        $"""
        select n.nspname::text,
          n.nspname <> 'public' and pg_has_role(n.nspowner, 'USAGE')
            and not exists (select from pg_depend e where e.classid = 'pg_namespace'::regclass and e.objid = n.oid and e.deptype = 'e')
            and not exists (select from pg_extension e where e.extnamespace = n.oid)
            and not exists (select from ({Owned}) o where o.namespace = n.oid and not o.ours)
            and n.oid not in ({OfOthers(connection)})
        from pg_namespace n where n.nspname !~ '^pg_' and n.nspname <> 'information_schema' order by 1
        """,
        row => (row.GetString(0), row.GetBoolean(1)), cancellationToken);

    /// <summary>One by one what is the user's in schemas that stay, or in none. What belongs to a column or to a partitioned table goes with it.</summary>
    private static Task<IReadOnlyList<string>> RemovalsAsync(NpgsqlConnection connection, string[] going, CancellationToken cancellationToken) => connection.RowsAsync(
        $"""
        select format('drop %s if exists %s cascade',
          case i.type when 'composite type' then 'type' when 'statistics object' then 'statistics' when 'foreign-data wrapper' then 'foreign data wrapper'
            when 'function' then 'routine' when 'procedure' then 'routine' when 'aggregate' then 'routine' else i.type end,
          case o.classid when 'pg_transform'::regclass then replace(i.identity, ' on language ', ' language ') else i.identity end)
        from ({Owned}) o left join pg_namespace n on n.oid = o.namespace, pg_identify_object(o.classid, o.objid, 0) i
        where o.ours and (n.oid is null or n.nspname <> all ($1))
          and not exists (select from pg_depend d where d.classid = o.classid and d.objid = o.objid and d.objsubid = 0 and d.deptype in ('a', 'i') and d.refclassid = 'pg_class'::regclass)
        order by o.classid <> 'pg_publication'::regclass, o.objid desc
        """,
        row => row.GetString(0), cancellationToken, [going]);

    /// <summary>Back to what a new database has, so that the dump's own begin from there.</summary>
    private static Task<IReadOnlyList<string>> DefaultPrivilegesAsync(NpgsqlConnection connection, string[] going, CancellationToken cancellationToken) => connection.RowsAsync(
        """
        with rows as (
          select d.oid, d.defaclrole, d.defaclnamespace, d.defaclacl, acldefault(case d.defaclobjtype when 'S' then 's' else d.defaclobjtype end, d.defaclrole) as builtin,
            format('alter default privileges for role %I%s', pg_get_userbyid(d.defaclrole), coalesce(' in schema ' || quote_ident(n.nspname), '')) as what,
            case d.defaclobjtype when 'r' then 'tables' when 'S' then 'sequences' when 'f' then 'functions' when 'T' then 'types' when 'n' then 'schemas' when 'L' then 'large objects' end as kind
          from pg_default_acl d left join pg_namespace n on n.oid = d.defaclnamespace
          where pg_has_role(d.defaclrole, 'USAGE') and (n.oid is null or n.nspname <> all ($1))
        )
        select statement from (
          select 1 as turn, oid, format('%s revoke all on %s from %s', what, kind, case a.grantee when 0 then 'public' else quote_ident(pg_get_userbyid(a.grantee)) end) as statement
          from rows, (select distinct r.oid as row, e.grantee from rows r, aclexplode(r.defaclacl || case r.defaclnamespace when 0 then r.builtin else '{}' end) e) a where a.row = rows.oid
          union all
          select 2, oid, format('%s grant %s on %s to %s', what, a.privileges, kind, case a.grantee when 0 then 'public' else quote_ident(pg_get_userbyid(a.grantee)) end)
          from rows, lateral (select e.grantee, string_agg(e.privilege_type, ', ') as privileges from aclexplode(builtin) e group by 1) a where defaclnamespace = 0
        ) statements order by oid, turn
        """,
        row => row.GetString(0), cancellationToken, [going]);

    /// <summary>Rights and comment of the user's schemas that stay, back to what a new database has: the dump only says what is different from that.</summary>
    private static Task<IReadOnlyList<string>> OfStayingSchemasAsync(NpgsqlConnection connection, string[] going, CancellationToken cancellationToken) => connection.RowsAsync(
        """
        with staying as (
          select n.oid, n.nspacl, quote_ident(n.nspname) as name, quote_ident(pg_get_userbyid(n.nspowner)) as owner, n.nspname = 'public' as public
          from pg_namespace n
          where pg_has_role(n.nspowner, 'USAGE') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema' and n.nspname <> all ($1)
            and not exists (select from pg_depend e where e.classid = 'pg_namespace'::regclass and e.objid = n.oid and e.deptype = 'e')
        )
        select statement from (
          select 1 as turn, oid, format('revoke all on schema %s from %s cascade', name, case a.grantee when 0 then 'public' else quote_ident(pg_get_userbyid(a.grantee)) end) as statement
          from staying, lateral (select distinct e.grantee from aclexplode(nspacl) e) a where nspacl is not null
          union all select 2, oid, format('grant all on schema %s to %s', name, owner) from staying where nspacl is not null
          union all select 3, oid, 'grant usage on schema public to public' from staying where public and nspacl is not null
          union all select 4, oid, format('comment on schema %s is %s', name, case when public then quote_literal('standard public schema') else 'null' end) from staying
        ) statements order by oid, turn
        """,
        row => row.GetString(0), cancellationToken, [going]);

    private static async Task<LeftAlone> LeftAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var tables = await connection.RowsAsync(
            $"""
            select quote_ident(n.nspname) || '.' || quote_ident(c.relname), n.nspname::text, pg_get_userbyid(o.owner)::text
            from ({Owned}) o join pg_class c on c.oid = o.objid join pg_namespace n on n.oid = c.relnamespace
            where o.classid = 'pg_class'::regclass and not o.ours and c.relkind in ('r', 'p')
              and not o.member
            order by 1
            """,
            row => (Name: row.GetString(0), Schema: row.GetString(1), Owner: row.GetString(2)), cancellationToken);
        return new LeftAlone(
            [.. tables.Select(table => table.Name)],
            [.. tables.GroupBy(table => (table.Schema, table.Owner)).Select(group => new Text(
                $"left as they are, being {group.Key.Owner}'s: {English.Count(group.Count(), "table")} of schema {group.Key.Schema}",
                $"laissées telles quelles, car elles appartiennent à {group.Key.Owner} : {French.Count(group.Count(), "table")} du schéma {group.Key.Schema}"))]);
    }
}
