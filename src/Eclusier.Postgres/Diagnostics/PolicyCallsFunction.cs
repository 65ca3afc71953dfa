using Eclusier.Planning;

namespace Eclusier.Postgres.Diagnostics;

/// <summary>A policy that asks a function again for each row.</summary>
internal static class PolicyCallsFunction
{
    public static FindingRule Rule { get; } = new("policy-calls-function", Risk.Medium, FindAsync)
    {
        Why = new(
            "A policy on a table with row security calls a stable or volatile function (`auth.uid()`, `is_admin()`, `current_setting()`) outside a sub-select: once for every row that a query looks at. Wrapped as `(select auth.uid())` it is called once for the statement. Immutable functions do not count, nor does what stands inside a sub-select already. Read from the parse tree; of a function of PostgreSQL's own with several forms, all with that number of arguments must be stable or volatile.",
            "Une politique d'une table avec sécurité par ligne appelle une fonction stable ou volatile (`auth.uid()`, `is_admin()`, `current_setting()`) hors d'une sous-requête : une fois pour chaque ligne regardée. Écrite `(select auth.uid())`, elle est appelée une fois pour l'instruction. Les fonctions immuables ne comptent pas, ni ce qui est déjà dans une sous-requête. Lu dans l'arbre syntaxique ; pour une fonction de PostgreSQL qui a plusieurs formes, toutes celles qui ont ce nombre d'arguments doivent être stables ou volatiles."),
        Bad = """
            create table orders (id bigint primary key, owner text);
            alter table orders enable row level security;
            create policy own on orders for select using (owner = current_setting('app.user'));
            """,
        Found = "own on public.orders",
        Good = """
            create function me() returns text language sql stable as 'select current_user::text';
            create function plain(text) returns text language sql immutable as 'select lower($1)';
            create table orders (id bigint primary key, owner text);
            alter table orders enable row level security;
            create policy own on orders for select using (owner = (select me()));
            create policy listed on orders for select using (owner in (select me()));
            create policy pure on orders for select using (plain(owner) = lower(owner));
            create table archive (id bigint primary key, owner text);
            create policy asleep on archive for select using (owner = me());
            """,
    };

    private static async Task<IReadOnlyList<Finding>> FindAsync(FindingContext context, CancellationToken cancellationToken)
    {
        var policies = await PoliciesAsync(context, cancellationToken);
        if (policies.Count == 0)
            return [];
        var functions = (await FunctionsAsync(context, cancellationToken)).ToLookup(function => function.Name, StringComparer.Ordinal);
        return
        [
            .. from policy in policies
               let calls = Calls(policy).Where(call => IsAskedAgain(call, policy, functions)).ToList()
               where calls.Count > 0
               select Tell(policy, calls),
        ];
    }

    private static IEnumerable<PolicyCall> Calls(Policy policy) => new[] { policy.Using, policy.WithCheck }.OfType<string>().SelectMany(PolicyCall.In);

    /// <summary>A policy depends on the very functions of the user's that it calls; PostgreSQL's own are known by their name alone.</summary>
    private static bool IsAskedAgain(PolicyCall call, Policy policy, ILookup<string, Function> functions)
    {
        var candidates = functions[call.Name].Where(function => function.BuiltIn ? function.Takes(call.Arguments) : policy.Functions.Contains(function.Id)).ToList();
        return candidates.Count > 0 && candidates.TrueForAll(function => !function.Immutable);
    }

    private static Finding Tell(Policy policy, List<PolicyCall> calls)
    {
        var names = string.Join(", ", calls.Select(call => call.Shown).Distinct(StringComparer.Ordinal));
        return new Finding(
            "policy-calls-function", Risk.Medium, $"{policy.Name} on {policy.Table}",
            new Text($"called for each row: {names}", $"appelée pour chaque ligne : {names}"), Remedy(policy, calls))
        {
            Table = policy.Table,
        };
    }

    private static Text Remedy(Policy policy, List<PolicyCall> calls)
    {
        if (calls.Exists(call => call.TakesColumns))
        {
            return new Text(
                "A call that takes a column cannot be lifted out: compare the column with a set, `column in (select …)`, made by a function without it.",
                "Un appel qui prend une colonne ne peut pas être sorti : comparez la colonne à un ensemble, `colonne in (select …)`, produit par une fonction qui ne la prend pas.");
        }

        var clauses = new[] { ("using", policy.Using), ("with check", policy.WithCheck) }
            .Where(clause => clause.Item2 is not null)
            .Select(clause => $" {clause.Item1} ({PolicyCall.Wrapped(clause.Item2!, calls)})");
        return Text.Same($"alter policy {policy.Name} on {policy.Table}{string.Concat(clauses)};");
    }

    private static Task<IReadOnlyList<Policy>> PoliciesAsync(FindingContext context, CancellationToken cancellationToken) => context.RowsAsync(
        """
        select quote_ident(p.polname), t.name, pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid),
               array(select d.refobjid from pg_depend d where d.classid = 'pg_policy'::regclass and d.objid = p.oid and d.refclassid = 'pg_proc'::regclass)
        from tables t join pg_policy p on p.polrelid = t.oid
        where t.relrowsecurity
        """,
        row => new Policy(row.GetString(0), row.GetString(1), row.IsDBNull(2) ? null : row.GetString(2), row.IsDBNull(3) ? null : row.GetString(3), row.GetFieldValue<uint[]>(4)),
        cancellationToken);

    /// <summary>Those of PostgreSQL's own, and those that any policy calls.</summary>
    private static Task<IReadOnlyList<Function>> FunctionsAsync(FindingContext context, CancellationToken cancellationToken) => context.RowsAsync(
        """
        select p.oid, case when n.nspname = 'pg_catalog' then p.proname::text else n.nspname || '.' || p.proname end, n.nspname = 'pg_catalog', p.provolatile = 'i',
               (p.pronargs - p.pronargdefaults)::int, case when p.provariadic <> 0 then 1000 else p.pronargs::int end
        from pg_proc p join pg_namespace n on n.oid = p.pronamespace
        where n.nspname = 'pg_catalog' or p.oid in (select d.refobjid from pg_depend d where d.classid = 'pg_policy'::regclass and d.refclassid = 'pg_proc'::regclass)
        """,
        row => new Function(row.GetFieldValue<uint>(0), row.GetString(1), row.GetBoolean(2), row.GetBoolean(3), row.GetInt32(4), row.GetInt32(5)),
        cancellationToken);

    private sealed record Policy(string Name, string Table, string? Using, string? WithCheck, IReadOnlyList<uint> Functions);

    private sealed record Function(uint Id, string Name, bool BuiltIn, bool Immutable, int Least, int Most)
    {
        public bool Takes(int arguments) => arguments >= Least && arguments <= Most;
    }
}
