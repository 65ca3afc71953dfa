#:sdk Microsoft.NET.Sdk.Web
#:package Npgsql@10.0.0
#:property ManagePackageVersionsCentrally=false
#:property PublishAot=false
#:property InvariantGlobalization=true
#:property NuGetAudit=false

// The application's HTTP service, as small as the checks of the runbook need it: dotnet run api/api.cs
// DATABASE_URL is the database, ASPNETCORE_URLS where to listen (default http://127.0.0.1:3001), API_SECRET signs the tokens
// (default: a new one at each start). It reads, and never writes.

using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using Npgsql;

var builder = WebApplication.CreateBuilder(args);
builder.WebHost.UseUrls(builder.Configuration["ASPNETCORE_URLS"] ?? "http://127.0.0.1:3001");
builder.Logging.SetMinimumLevel(LogLevel.Warning);
await using var app = builder.Build();

var url = app.Configuration["DATABASE_URL"];
if (string.IsNullOrEmpty(url))
{
    await Console.Error.WriteLineAsync("DATABASE_URL is not set: postgresql://user:password@host:5432/database");
    return 2;
}

await using var database = NpgsqlDataSource.Create(DatabaseUrl.ToConnectionString(url));
var tokens = new Tokens(app.Configuration["API_SECRET"] is { Length: > 0 } secret ? Encoding.UTF8.GetBytes(secret) : RandomNumberGenerator.GetBytes(32), TimeProvider.System);

app.MapGet("/api/health", async (CancellationToken cancellationToken) =>
{
    await using var command = database.CreateCommand("select 1");
    await command.ExecuteScalarAsync(cancellationToken);
    return Results.Ok(new { status = "ok" });
});

app.MapPost("/api/auth/login", async (Credentials credentials, CancellationToken cancellationToken) =>
{
    if (string.IsNullOrWhiteSpace(credentials.Email) || string.IsNullOrEmpty(credentials.Password))
        return Results.BadRequest(new { error = "email and password are required" });

    await using var command = database.CreateCommand(Queries.Login);
    command.Parameters.Add(new() { Value = credentials.Email.Trim() });
    await using var rows = await command.ExecuteReaderAsync(cancellationToken);
    if (!await rows.ReadAsync(cancellationToken) || !Password.Matches(credentials.Password, rows.GetString(4)))
        return Results.Json(new { error = "unknown e-mail or wrong password" }, statusCode: StatusCodes.Status401Unauthorized);

    var user = new { id = rows.GetInt32(0), email = rows.GetString(1), name = rows.GetString(2), role = rows.GetString(3) };
    return Results.Ok(new { token = tokens.Issue(user.id), user });
});

app.MapGet("/api/users/all-members", (HttpRequest request, CancellationToken cancellationToken) => ListAsync(Queries.Members, request, cancellationToken));
app.MapGet("/api/campaigns", (HttpRequest request, CancellationToken cancellationToken) => ListAsync(Queries.Campaigns, request, cancellationToken));

await app.RunAsync();
return 0;

// The query makes the JSON; its only parameter is the user who asks.
async Task<IResult> ListAsync(string sql, HttpRequest request, CancellationToken cancellationToken)
{
    if (tokens.UserOf(request.Headers.Authorization) is not { } user)
        return Results.Unauthorized();

    await using var command = database.CreateCommand($"select coalesce(json_agg(item), '[]')::text from ({sql}) item");
    command.Parameters.Add(new() { Value = user });
    return Results.Text((string?)await command.ExecuteScalarAsync(cancellationToken), "application/json");
}

sealed record Credentials(string? Email, string? Password);

static class Queries
{
    public const string Login = "select id, email, name, role::text, password_hash from users where lower(email) = lower($1) and is_active";

    /// <summary>A manager's members with what each has achieved.</summary>
    public const string Members = """
        select u.id, u.name, u.email, u.role, u.is_active as "isActive", u.last_login_at as "lastLoginAt",
          (select count(*) from user_actions a where a.user_id = u.id) as "actionsGiven",
          (select count(*) from user_actions a where a.user_id = u.id and a.completed) as "actionsDone",
          (select max(a.completed_at) from user_actions a where a.user_id = u.id and a.completed) as "lastActionAt",
          (select coalesce(sum(b.amount), 0) from daily_bonus b where b.user_id = u.id and b.status = 'approved') as "bonus",
          (select count(*) from campaign_validations v where v.user_id = u.id and v.status = 'approved') as "campaignsWon"
        from users u
        where u.manager_id = $1
        order by u.name, u.id
        """;

    /// <summary>The campaigns that are not archived, with what a manager's team has done in each.</summary>
    public const string Campaigns = """
        select c.id, c.name, c.description, c.start_date as "startDate", c.end_date as "endDate", c.status,
          (select count(*) from challenges d where d.campaign_id = c.id) as "challenges",
          (select count(*) from challenges d join actions a on a.challenge_id = d.id where d.campaign_id = c.id) as "actions",
          (select count(*) from users u join user_actions a on a.user_id = u.id join challenges d on d.id = a.challenge_id
           where u.manager_id = $1 and d.campaign_id = c.id and a.completed) as "teamActionsDone",
          (select coalesce(sum(b.amount), 0) from users u join daily_bonus b on b.user_id = u.id
           where u.manager_id = $1 and b.campaign_id = c.id and b.status = 'approved') as "teamBonus"
        from campaigns c
        where not c.archived
        order by c.start_date desc
        """;
}

/// <summary>Passwords are kept as <c>sha256$salt$hex</c>, the hash of salt and password.</summary>
static class Password
{
    public static bool Matches(string password, string stored) =>
        stored.Split('$') is ["sha256", var salt, var hash]
        && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(salt + password)), Convert.FromHexString(hash));
}

/// <summary>Bearer tokens: the user, when it ends (Unix seconds), and an HMAC-SHA256 of both.</summary>
sealed class Tokens(byte[] secret, TimeProvider time)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(12);

    public string Issue(int user)
    {
        var claims = string.Create(CultureInfo.InvariantCulture, $"{user}.{(time.GetUtcNow() + Lifetime).ToUnixTimeSeconds()}");
        return $"{claims}.{Sign(claims)}";
    }

    /// <returns>Null when the header holds no token of ours, or one that has ended.</returns>
    public int? UserOf(string? authorization)
    {
        if (authorization?.Split(' ') is not ["Bearer", var token] || token.Split('.') is not [var user, var end, var signature])
            return null;
        var signed = CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(signature), Encoding.UTF8.GetBytes(Sign($"{user}.{end}")));
        return signed && long.Parse(end, CultureInfo.InvariantCulture) > time.GetUtcNow().ToUnixTimeSeconds() ? int.Parse(user, CultureInfo.InvariantCulture) : null;
    }

    private string Sign(string claims) => WebEncoders.Base64UrlEncode(HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes(claims)));
}

static class DatabaseUrl
{
    /// <summary>Npgsql knows no URLs. Of the parameters only <c>sslmode</c> is understood.</summary>
    public static string ToConnectionString(string url)
    {
        var uri = new Uri(url);
        var user = uri.UserInfo.Split(':', 2);
        var connection = new NpgsqlConnectionStringBuilder
        {
            Host = uri.Host,
            Port = uri.Port > 0 ? uri.Port : 5432,
            Username = Uri.UnescapeDataString(user[0]),
            Password = user.Length > 1 ? Uri.UnescapeDataString(user[1]) : null,
            Database = Uri.UnescapeDataString(uri.AbsolutePath.TrimStart('/')),
            ApplicationName = "sunup api",
        };
        if (QueryHelpers.ParseQuery(uri.Query).TryGetValue("sslmode", out var mode))
            connection.SslMode = Enum.Parse<SslMode>(mode.ToString().Replace("-", "", StringComparison.Ordinal), ignoreCase: true);
        return connection.ConnectionString;
    }
}
