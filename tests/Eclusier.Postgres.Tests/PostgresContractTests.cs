using Npgsql;

namespace Eclusier.Postgres.Tests;

/// <summary>PostgreSQL keeps what every engine promises.</summary>
public sealed class PostgresContractTests(PostgresServer server) : EngineContract
{
    protected override async Task<ContractWorld> NewWorldAsync()
    {
        var url = await server.NewDatabaseAsync();
        await PostgresServer.ExecuteAsync(url, "create table people (id int primary key, name text not null); insert into people select n, 'person ' || n from generate_series(1, 500) n");
        return new World(url);
    }

    private sealed class World : ContractWorld
    {
        private readonly DatabaseUrl _url;

        public World(DatabaseUrl url)
            : base(new PostgresEngine())
        {
            _url = url;
            Directory.CreateDirectory(Path.Combine(Folder, "migrations"));
            Write("eclusier.yaml", """
                environments: { production: { url: "${URL}" } }
                migrations: { path: migrations }
                backup: { to: [./bk1, ./bk2], copies: 2 }
                rehearsal: { on: sandbox }
                """);
            Write("migrations/001_age.sql", "alter table people add column age int;");
            Write("migrations/002_places.sql", "create table places (id int primary key); insert into places values (1), (2);");
            Write("migrations/003_seen.sql", "create view seen as select p.name from people p join places q on p.id = q.id;");
        }

        public override string Password => new UriBuilder(_url.Reveal()).Password;

        public override IReadOnlyDictionary<string, string?> Variables => new Dictionary<string, string?>(StringComparer.Ordinal) { ["URL"] = _url.Reveal() };

        public override async Task<string> ContentsAsync()
        {
            await using var connection = await PostgresServer.ConnectAsync(_url);
            await using var command = new NpgsqlCommand(
                """
                select string_agg(format('%s %s %s %s', c.relname, c.relkind, a.attname, format_type(a.atttypid, a.atttypmod)), E'\n' order by c.relname, a.attnum)
                  || E'\n' || (select coalesce(string_agg(p::text, E'\n' order by p.id), '') from people p)
                from pg_class c join pg_attribute a on a.attrelid = c.oid
                where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'v') and a.attnum > 0 and not a.attisdropped and c.relname !~ '^(schema_migrations|eclusier_)'
                """, connection);
            return (string)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
        }

        private void Write(string file, string text) => File.WriteAllText(Path.Combine(Folder, file), text);
    }
}
