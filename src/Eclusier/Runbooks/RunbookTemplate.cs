namespace Eclusier.Runbooks;

/// <summary>A first runbook: whole and valid, with what a user will want to fill in.</summary>
public static class RunbookTemplate
{
    /// <param name="name">The title of the report.</param>
    /// <param name="path">The migrations' folder, relative to the runbook.</param>
    /// <param name="isHere">The database at hand is on this machine: nobody is asked for its name.</param>
    /// <param name="others">Other folders that were found, to name them.</param>
    public static string Of(string name, string layout, string path, bool isHere, IReadOnlyList<string> others, Language language)
    {
        string Say(string en, string fr) => language == Language.Fr ? fr : en;
        var platform = layout == "supabase" ? ", platform: supabase" : "";
        var here = $"   # {Say("now on this machine; true, before it is anywhere else or behind a tunnel", "sur cette machine pour l'instant ; true, avant qu'elle soit ailleurs ou derrière un tunnel")}";
        var found = string.Concat(others.Select(other => $"  # {Say("also found:", "trouvé aussi :")} {other}\n"));
        return $$"""
            name: "{{name.Replace("\"", "'", StringComparison.Ordinal)}}"
            language: {{Say("en", "fr")}}

            environments:
              # {{Say("DATABASE_URL comes from the environment, or from .env beside this file.", "DATABASE_URL vient de l'environnement, ou de .env à côté de ce fichier.")}}
              production: { url: "${DATABASE_URL}", protected: {{(isHere ? "false" : "true")}}{{platform}} }{{(isHere ? here : "")}}

            migrations:
              path: {{path}}
              layout: {{layout}}
              target: production
            {{found}}
            policy:
              forbid: [drop-table, drop-schema, drop-database, truncate]
              max_risk: high          # {{Say("medium, once the first plan was read", "medium, une fois le premier plan relu")}}
              lock_timeout: 2s
              retry_for: 10m

            backup:
              to: [./backups]         # {{Say("add a place off this machine (rclone:remote:path), and set copies to 2", "ajoutez un lieu hors de cette machine (rclone:distant:chemin) et passez copies à 2")}}
              copies: 1
              max_age: 1h
              restore: true

            rehearsal: { on: sandbox }

            # {{Say("What must be the same before and after:", "Ce qui doit être identique avant et après :")}}
            # invariants:
            #   - { name: users per role, sql: "select role, count(*) from users group by role order by role" }

            # {{Say("What must hold afterwards:", "Ce qui doit être vrai ensuite :")}}
            # checks:
            #   - { name: API, http: "https://api.example.com/health", status: 200, under: 100ms }

            """.Replace("\n\n\n", "\n\n", StringComparison.Ordinal);
    }
}
