using Eclusier.Runbooks;
using Npgsql;

namespace Eclusier.Postgres.Tests.Diagnostics;

/// <summary>Where rules go wrong easily: what is found is exactly this.</summary>
public sealed class FindingPrecisionTests(PostgresServer server)
{
    public static TheoryData<string, string, string[]> Databases => new()
    {
        {
            "names with upper case and quotes, a table that refers to itself",
            """"
            create table "Order ""x""" ("Id" bigint primary key, "Parent" bigint);
            insert into "Order ""x""" values (1, 9), (2, 1), (3, null);
            alter table "Order ""x""" add constraint "Fk" foreign key ("Parent") references "Order ""x""" not valid;
            """",
            ["orphaned-rows public.\"Order \"\"x\"\"\".\"Parent\" 1", "not-valid-constraint \"Fk\" on public.\"Order \"\"x\"\"\"", "foreign-key-without-index \"Fk\" on public.\"Order \"\"x\"\"\""]
        },
        {
            "with MATCH FULL a row that is null in part is an orphan",
            """
            create table sites (id bigint, site int, primary key (id, site));
            create table orders (id bigint primary key, a bigint, b int);
            create index orders_b_a on orders (b, a);
            insert into sites values (1, 1);
            insert into orders values (1, 1, 1), (2, 1, null), (3, null, null), (4, 2, 2);
            alter table orders add constraint orders_fk foreign key (a, b) references sites match full not valid;
            """,
            ["orphaned-rows public.orders(a, b) 2", "not-valid-constraint orders_fk on public.orders"]
        },
        {
            "a reference to a partitioned table, and from one",
            """
            create table customers (id bigint primary key) partition by range (id);
            create table customers_1 partition of customers for values from (0) to (100);
            create table orders (id bigint, customer bigint, primary key (id)) partition by range (id);
            create table orders_1 partition of orders for values from (0) to (100);
            alter table orders add constraint orders_customer foreign key (customer) references customers;
            create index orders_by_customer on orders (customer);
            insert into customers values (1);
            insert into orders values (1, 1);
            alter table orders_1 disable trigger all;
            insert into orders values (2, 7), (3, 8);
            """,
            ["orphaned-rows public.orders.customer 2"]
        },
        {
            "rows of a table that inherits are not held against its parent's foreign key",
            """
            create table customers (id bigint primary key);
            create table orders (id bigint primary key, customer bigint references customers);
            create index orders_customer on orders (customer);
            create table old_orders (primary key (id)) inherits (orders);
            alter table orders disable trigger all;
            insert into old_orders values (1, 7);
            """,
            []
        },
        {
            "names in camel case, in the plural of a person, and a table of another schema",
            """
            create table people (id int primary key);
            create table "UserProfiles" ("Id" uuid primary key);
            create schema other;
            create table other.notes (id int primary key, person_id int);
            create table notes (id int primary key, person_id int, "userProfileId" uuid, paid int, "fooId" int);
            insert into notes values (1, 5, '00000000-0000-0000-0000-000000000001', 7, 8), (2, 6, null, 7, 8);
            insert into other.notes values (1, 5);
            """,
            ["likely-orphaned-rows public.notes.person_id 2", "likely-orphaned-rows public.notes.\"userProfileId\" 1"]
        },
        {
            "a duplicate on a partitioned table is one, and its parts are none",
            """
            create table events (id bigint, at date, primary key (id, at)) partition by range (at);
            create table events_2026 partition of events for values from ('2026-01-01') to ('2027-01-01');
            create table events_2027 partition of events for values from ('2027-01-01') to ('2028-01-01');
            create index events_at on events (at);
            create index events_at_2 on events (at);
            create index events_2027_by_at on events_2027 (at);
            """,
            ["duplicate-index public.events_2027_by_at", "duplicate-index public.events_at_2"]
        },
        {
            "of two equal indexes the one without a constraint goes; a stronger promise is none of them",
            """
            create table users (id bigint primary key, email text unique, phone text, code text unique);
            create index users_id on users (id);
            create unique index users_email on users (email);
            create unique index users_phone on users (phone);
            create unique index users_phone_one_null on users (phone) nulls not distinct;
            create unique index users_code_one_null on users (code) nulls not distinct;
            create materialized view emails as select email from users;
            create index emails_1 on emails (email);
            create index emails_2 on emails (email);
            """,
            ["duplicate-index public.emails_2", "duplicate-index public.users_email", "duplicate-index public.users_id", "duplicate-index public.users_phone"]
        },
        {
            "a longer index makes a shorter one needless, also by what it includes, and a duplicate is told once",
            """
            create table orders (id bigint primary key, a int, b int, c int);
            create index orders_a on orders (a);
            create index orders_a_again on orders (a);
            create index orders_a_b on orders (a, b);
            create index orders_c on orders (c);
            create index orders_c_with on orders (c) include (b);
            create index orders_expression on orders ((a + b));
            create index orders_expression_c on orders ((a + b), c);
            """,
            ["duplicate-index public.orders_a_again", "redundant-index public.orders_a", "redundant-index public.orders_c", "redundant-index public.orders_expression"]
        },
        {
            "an identity, a domain over an integer, and a descending sequence",
            """
            create table orders (id smallint generated always as identity primary key);
            select setval('orders_id_seq', 30000);
            create domain small_number as smallint;
            create sequence lines_seq;
            create table lines (id small_number primary key default nextval('lines_seq'));
            select setval('lines_seq', 25000);
            create sequence down increment -1 minvalue -100 maxvalue -1;
            select setval('down', -80);
            create sequence never_used maxvalue 2;
            """,
            ["sequence-near-end public.orders_id_seq", "sequence-near-end public.down", "sequence-near-end public.lines_seq"]
        },
        {
            "policies: what stands in a sub-select is silent, in whatever form",
            """
            create schema auth;
            create function auth.uid() returns uuid language sql stable as 'select null::uuid';
            create function is_admin() returns boolean language sql volatile as 'select true';
            create function sees(uuid) returns boolean language sql stable as 'select true';
            create table members (id bigint primary key, user_id uuid);
            create table docs (id bigint primary key, owner uuid, at timestamptz);
            alter table docs enable row level security;
            create policy a on docs for select using (owner = auth.uid());
            create policy b on docs for insert with check (is_admin());
            create policy c on docs for select using (sees(owner));
            create policy d on docs for select using (owner = (select auth.uid()) and (select is_admin()));
            create policy e on docs for select using (exists (select from members m where m.user_id = auth.uid()));
            create policy f on docs for select using (owner in (select m.user_id from members m where m.user_id = auth.uid()));
            create policy g on docs for select using (date_trunc('day', at) > '2026-01-01' and coalesce(owner::text, '') <> '' and at < current_timestamp);
            """,
            ["policy-calls-function a on public.docs", "policy-calls-function b on public.docs", "policy-calls-function c on public.docs"]
        },
        {
            "tracking tables, temporary tables, views and foreign keys into a hash index",
            """
            create table _prisma_migrations (version text);
            create table customers (id bigint primary key);
            create table orders (id bigint primary key, customer bigint references customers);
            create index orders_customer on orders using hash (customer);
            create view everything as select * from orders;
            create table keyed (id bigint not null unique);
            """,
            ["table-without-primary-key public.keyed"]
        },
    };

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Exactly_this_is_found(string what, string script, string[] expected)
    {
        var url = await server.NewDatabaseAsync();
        await Diagnosis.BuildAsync(url, script);

        var findings = await Diagnosis.OfAsync(url);

        Assert.True(expected.Order(StringComparer.Ordinal).SequenceEqual(Diagnosis.Told(findings).Order(StringComparer.Ordinal)), $"{what}:\n{string.Join('\n', Diagnosis.Told(findings))}");
    }

    [Fact]
    public async Task The_remedy_of_a_policy_is_sql_that_leaves_nothing_to_find()
    {
        var url = await server.NewDatabaseAsync();
        await Diagnosis.BuildAsync(url, """"
            create function me(text default 'a)b') returns text language sql stable as 'select $1';
            create table docs (id bigint primary key, "Ôwner" text);
            alter table docs enable row level security;
            create policy "Own ""ones""" on docs using ("Ôwner" = me('x('')y') or me() = "Ôwner") with check (me() = 'é' and me('z') = "Ôwner");
            """");
        var finding = Assert.Single(await Diagnosis.OfAsync(url));

        await PostgresServer.ExecuteAsync(url, finding.Remedy.En);

        Assert.Empty(await Diagnosis.OfAsync(url));
    }

    [Fact]
    public async Task The_remedies_of_indexes_and_constraints_leave_nothing_to_find()
    {
        var url = await server.NewDatabaseAsync();
        await Diagnosis.BuildAsync(url, """
            create table "Customers" (id bigint primary key);
            create table orders (id bigint primary key, customer bigint references "Customers", status text, total int, note text not null unique);
            alter table orders add constraint positive check (total > 0) not valid;
            create index orders_status on orders (status);
            create index "Orders again" on orders (status);
            create index orders_total on orders (total);
            create index orders_total_status on orders (total, status);
            """);

        foreach (var finding in await Diagnosis.OfAsync(url))
            await PostgresServer.ExecuteAsync(url, finding.Remedy.En);

        Assert.Empty(Diagnosis.Told(await Diagnosis.OfAsync(url)));
    }

    [Fact]
    public async Task An_index_whose_concurrent_build_failed_is_invalid()
    {
        var url = await server.NewDatabaseAsync();
        await Diagnosis.BuildAsync(url, "create table orders (id bigint primary key, number int); insert into orders values (1, 1), (2, 1);");
        await Assert.ThrowsAsync<PostgresException>(() => PostgresServer.ExecuteAsync(url, "create unique index concurrently orders_number on orders (number)"));

        Assert.Equal(["invalid-index public.orders_number"], Diagnosis.Told(await Diagnosis.OfAsync(url)));
    }

    [Fact]
    public async Task What_a_platform_brings_along_is_left_out()
    {
        var url = await server.NewDatabaseAsync();
        await Diagnosis.BuildAsync(url, "create schema auth; create table auth.users (id int); create schema storage; create table storage.objects (id int); create table mine (id int);");

        var supabase = await Diagnosis.OfAsync(url, new DiagnosticScope { Platform = "supabase" });
        var plain = await Diagnosis.OfAsync(url, new DiagnosticScope());

        Assert.Equal(["table-without-primary-key public.mine"], Diagnosis.Told(supabase));
        Assert.Equal(3, plain.Count);
    }

    [Fact]
    public async Task What_is_ignored_or_not_asked_for_is_left_out()
    {
        var url = await server.NewDatabaseAsync();
        await Diagnosis.BuildAsync(url, "create table tmp_a (id int); create table crm_a (id int); create index crm_a_1 on crm_a (id); create index crm_a_2 on crm_a (id); create table b (id int);");

        var ignoring = await Diagnosis.OfAsync(url, new DiagnosticScope { Ignore = ["public.tmp_*", "duplicate-index public.crm_a", "table-without-primary-key public.b"] });
        var asked = await Diagnosis.OfAsync(url, new DiagnosticScope { Rule = "duplicate-index", On = "public.crm_*" });
        var elsewhere = await Diagnosis.OfAsync(url, new DiagnosticScope { Rule = "duplicate-index", On = "public.b" });

        Assert.Equal(["table-without-primary-key public.crm_a"], Diagnosis.Told(ignoring));
        Assert.Equal(["duplicate-index public.crm_a_2"], Diagnosis.Told(asked));
        Assert.Empty(elsewhere);
    }

    [Fact]
    public async Task What_cannot_be_counted_in_time_is_told()
    {
        var url = await server.NewDatabaseAsync();
        await Diagnosis.BuildAsync(url, """
            create table customers (id bigint primary key);
            create table orders (id bigint primary key, customer bigint);
            create index orders_customer on orders (customer);
            insert into orders select n, n from generate_series(1, 300000) n;
            alter table orders add constraint orders_customer_fkey foreign key (customer) references customers not valid;
            """);

        var finding = Assert.Single(await Diagnosis.OfAsync(url, new DiagnosticScope { Rule = "orphaned-rows", Budget = TimeSpan.FromMilliseconds(10) }));

        Assert.True(finding.Unanswered);
        Assert.Null(finding.Count);
        Assert.Contains("not counted within 10 ms", finding.Evidence.En, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_table_that_another_session_locks_or_that_may_not_be_read_is_told()
    {
        var url = await server.NewDatabaseAsync();
        await Diagnosis.BuildAsync(url, """
            create table customers (id bigint primary key);
            create table orders (id bigint primary key, customer bigint);
            insert into orders values (1, 7);
            create index orders_customer on orders (customer);
            alter table orders add constraint orders_customer_fkey foreign key (customer) references customers not valid;
            """);
        await using var other = await PostgresServer.ConnectAsync(url);
        await using var transaction = await other.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using (var command = new NpgsqlCommand("lock table customers", other, transaction))
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

        var locked = Assert.Single(await Diagnosis.OfAsync(url, new DiagnosticScope { Rule = "orphaned-rows" }));
        await transaction.RollbackAsync(TestContext.Current.CancellationToken);
        var role = $"stranger_{Guid.NewGuid():N}";
        await PostgresServer.ExecuteAsync(url, $"create role {role}");
        var refused = Assert.Single(await Diagnosis.OfAsync(new DatabaseUrl($"{url.Reveal()}?options=-c%20role%3D{role}"), new DiagnosticScope { Rule = "orphaned-rows" }));

        Assert.True(locked.Unanswered);
        Assert.Contains("locked by another session", locked.Evidence.En, StringComparison.Ordinal);
        Assert.True(refused.Unanswered);
        Assert.Contains("permission denied", refused.Evidence.En, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(200_000_000, 200_000_000, null)]
    [InlineData(219_999_999, 200_000_000, null)]
    [InlineData(220_000_000, 200_000_000, "Medium")]
    [InlineData(1_100_000_000, 200_000_000, "High")]
    [InlineData(1_100_000_000, 1_500_000_000, "High")]
    public void An_age_is_a_risk_beyond_what_autovacuum_freezes(long age, long freezeAt, string? risk) =>
        Assert.Equal(risk, Postgres.Diagnostics.TransactionIdAge.RiskOf(age, freezeAt)?.ToString());
}
