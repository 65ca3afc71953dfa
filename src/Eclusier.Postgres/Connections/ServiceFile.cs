namespace Eclusier.Postgres.Connections;

/// <summary><c>pg_service.conf</c>: parameters by the name of a service (https://www.postgresql.org/docs/current/libpq-pgservice.html).</summary>
internal static class ServiceFile
{
    /// <exception cref="InvalidInputException">No file has such a service, or a line of it is wrong.</exception>
    public static IReadOnlyList<(string Name, string Value)> Read(string service, LibpqEnvironment environment)
    {
        string[] files = [environment.FileOf("PGSERVICEFILE", ".pg_service.conf"), .. environment.SystemFolders.Select(folder => Path.Combine(folder, "pg_service.conf"))];
        foreach (var file in files.Where(File.Exists))
        {
            if (Section(service, file) is { } found)
                return found;
        }

        throw new InvalidInputException(
            new Text($"There is no connection service \"{service}\".", $"Il n'y a pas de service de connexion « {service} »."),
            files[0],
            new Text("Add it there as [NAME] with lines like host=…, or take service or PGSERVICE away.", "Ajoutez-le là sous [NOM] avec des lignes comme host=…, ou retirez service ou PGSERVICE."));
    }

    /// <returns>Null when the file does not have it.</returns>
    private static List<(string Name, string Value)>? Section(string service, string file)
    {
        List<(string, string)>? found = null;
        foreach (var (index, raw) in File.ReadLines(file).Index())
        {
            var line = raw.Trim();
            if (line.Length == 0 || line[0] == '#')
                continue;
            if (line[0] == '[')
            {
                if (found is not null)
                    break;
                found = line == $"[{service}]" ? [] : null;
                continue;
            }

            if (found is null)
                continue;
            var equals = line.IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? "" : line[..equals];
            if (!PostgresUrlParameter.IsKnown(name) || name == "service")
                throw Wrong(service, $"{file}:{index + 1}");
            found.Add((name, line[(equals + 1)..]));
        }

        return found;
    }

    private static EclusierException Wrong(string service, string where) => new InvalidInputException(
        new Text($"A line of the connection service \"{service}\" is no parameter of libpq.", $"Une ligne du service de connexion « {service} » n'est pas un paramètre de libpq."),
        where,
        new Text("Write it as name=value, without blanks around the sign.", "Écrivez-la sous la forme nom=valeur, sans blancs autour du signe."));
}
