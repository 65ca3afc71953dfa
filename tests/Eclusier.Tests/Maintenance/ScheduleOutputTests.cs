using System.Runtime.CompilerServices;
using Eclusier.Maintenance;
using Eclusier.Runbooks;

namespace Eclusier.Tests.Maintenance;

/// <summary>Golden files beside this one; <c>ECLUSIER_UPDATE_GOLDEN=1</c> makes them anew.</summary>
public sealed class ScheduleOutputTests
{
    private static readonly JobCommand Command = new("/opt/eclusier/eclusier", "/srv/l'été 100%/eclusier.yaml", "production")
    {
        Variables = [KeyValuePair.Create("PATH", "/usr/local/bin:/usr/bin"), KeyValuePair.Create("HOME", "/home/l'\"ann\" $5")],
    };

    private static readonly MaintenanceJob[] Jobs =
    [
        new PartitionsJob("email partitions", "sends", 3, 24, Drop: true) { Schedule = CronSchedule.Parse("0 2 1 * *", out _) },
        new OrphansJob("it's \"50%\" of $HOME", new ColumnPath("a", "b"), new ColumnPath("c", "d"), 10) { Schedule = CronSchedule.Parse("*/20 3,4 * jan-mar mon-fri", out _) },
        new AnalyzeJob("Email   Partitions!", ["a"]) { Schedule = CronSchedule.Parse("30 0 13 * fri", out _) },
        new AnalyzeJob("by hand", ["a"]),
    ];

    [Fact]
    public void Lines_of_a_crontab() => Golden("schedule.crontab", Crontab.Of(Jobs, Command));

    [Fact]
    public void Units_of_systemd() => Golden("schedule.systemd", string.Concat(SystemdUnits.Of(Jobs, Command).Select(unit => $"# {unit.Name}\n{unit.Text}\n")));

    private static void Golden(string name, string text, [CallerFilePath] string here = "")
    {
        var file = Path.Combine(Path.GetDirectoryName(here)!, name);
        if (Environment.GetEnvironmentVariable("ECLUSIER_UPDATE_GOLDEN") == "1")
            File.WriteAllText(file, text);
        Assert.Equal(File.ReadAllText(file), text);
    }
}
