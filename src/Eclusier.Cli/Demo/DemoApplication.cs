namespace Eclusier.Cli.Demo;

/// <summary>An application of an example, which the runbook's HTTP checks ask.</summary>
/// <param name="File">What the .NET SDK runs, relative to the example's folder.</param>
/// <param name="UrlVariable">The variable through which the runbook learns its address.</param>
/// <param name="Health">The path that answers when it is up.</param>
internal sealed record DemoApplication(string File, string UrlVariable, string Health)
{
    /// <summary>Where one file serves as several.</summary>
    public string? Argument { get; init; }

    public DemoLogin? Login { get; init; }

    /// <summary>Starts it, and adds what the runbook's checks need to the variables.</summary>
    public async Task<DemoService> StartAsync(string folder, DatabaseUrl database, Dictionary<string, string?> variables, CancellationToken cancellationToken)
    {
        var service = await DemoService.StartAsync(this, folder, database, cancellationToken);
        variables[UrlVariable] = service.Url;
        if (Login is { } login)
        {
            variables["PROD_EMAIL"] = login.Email;
            variables["PROD_PASSWORD"] = login.Password;
            variables["PROD_TOKEN"] = await service.LogInAsync(login, cancellationToken);
        }

        return service;
    }
}

/// <summary>A user whom the generated data has, from the example's README.</summary>
internal sealed record DemoLogin(string Path, string Email, string Password);
