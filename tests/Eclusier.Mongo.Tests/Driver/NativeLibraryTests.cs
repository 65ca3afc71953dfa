using Eclusier.Mongo.Driver.Native;

namespace Eclusier.Mongo.Tests.Driver;

public sealed class NativeLibraryTests
{
    [Fact]
    public void A_library_that_is_missing_is_said_with_its_package()
    {
        var error = Assert.Throws<EclusierException>(() => NativeLibraries.Load("libnowhere", "libnowhere0", "ECLUSIER_LIBNOWHERE", typeof(NativeLibraryTests).Assembly, null));

        Assert.Equal(ExitCode.Usage, error.ExitCode);
        Assert.Contains("libnowhere.so.0", error.Where, StringComparison.Ordinal);
        Assert.Contains("apt-get install libnowhere0", error.Remedy!.Fr, StringComparison.Ordinal);
    }
}
