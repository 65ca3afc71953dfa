using System.Reflection;
using System.Text.RegularExpressions;
using Eclusier.Engines;

namespace Eclusier.Postgres.Tests;

/// <summary>The limit of a pattern is time on the clock: on a busy machine a second passes before the first character is read, and the run would end.</summary>
[Trait("Needs", "no server")]
public sealed class PatternTests
{
    [Fact]
    public void No_pattern_gives_up_because_the_machine_is_busy()
    {
        const BindingFlags All = BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;
        var patterns = new[] { typeof(Engine).Assembly, typeof(PostgresDatabase).Assembly }
            .SelectMany(assembly => assembly.GetTypes())
            .SelectMany(type => type.GetMethods(All))
            .Select(method => (Name: $"{method.DeclaringType!.Name}.{method.Name}", Limit: method.GetCustomAttribute<GeneratedRegexAttribute>()?.MatchTimeoutMilliseconds))
            .Where(pattern => pattern.Limit is not null)
            .ToList();

        Assert.NotEmpty(patterns);
        Assert.DoesNotContain(patterns, pattern => pattern.Limit is > 0 and < 60_000);
    }
}
