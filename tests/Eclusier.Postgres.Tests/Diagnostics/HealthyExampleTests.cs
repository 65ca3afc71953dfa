using Eclusier.Postgres.Layouts;

namespace Eclusier.Postgres.Tests.Diagnostics;

/// <summary>A real system after its migrations: what is told of it is true, and was read by a person.</summary>
public sealed class HealthyExampleTests(PostgresServer server)
{
    /// <summary>
    /// The policies do call their functions for each row; migration 028 adds its constraint NOT VALID and leaves the proof to a later one. Nothing else is wrong.
    /// </summary>
    [Fact]
    public async Task Of_bilan_competence_only_what_is_true_is_told()
    {
        var folder = Examples.Folder("bilan-competence");
        var url = await server.NewDatabaseAsync();
        foreach (var file in new NumberedLayout().Read(Path.Combine(folder, "migrations"), folder))
            await PostgresServer.ExecuteAsync(url, file.Text);

        var findings = await Diagnosis.OfAsync(url);

        Assert.Equal(["session_bookings_meeting_url_https on public.session_bookings"], findings.Where(found => found.Rule == "not-valid-constraint").Select(found => found.Object));
        var policies = findings.Where(found => found.Rule == "policy-calls-function").ToList();
        Assert.Equal(findings.Count - 1, policies.Count);
        Assert.All(policies, found => Assert.Matches(@"called for each row: public\.app_(current_user_id\(\)|is_admin\(\)|sees_\w+\(…\))", found.Evidence.En));
        Assert.Contains(policies, found => found.Object == "users_self on public.users");
    }
}
