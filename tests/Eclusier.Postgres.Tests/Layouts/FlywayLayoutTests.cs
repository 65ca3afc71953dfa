using Eclusier.Postgres.Layouts;

namespace Eclusier.Postgres.Tests.Layouts;

[Trait("Needs", "no server")]
public sealed class FlywayLayoutTests
{
    /// <summary>The check value of CRC-32 (ISO 3309) for "123456789" is CBF43926; Flyway leaves out line ends and the byte order mark.</summary>
    [Theory]
    [InlineData("123456789")]
    [InlineData("1234\n56789")]
    [InlineData("1234\r\n56789\r\n")]
    [InlineData("\uFEFF123456789\n")]
    public void The_checksum_is_crc_32_over_the_lines(string text) => Assert.Equal(unchecked((int)0xCBF43926), FlywayLayout.ChecksumOf(text));
}
