using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Eclusier.Mongo.Driver.Native;

/// <summary>Finds libmongoc, libbson and libxxhash.</summary>
internal static class NativeLibraries
{
    public const string Bson = "bson";
    public const string Mongoc = "mongoc";
    public const string XxHash = "xxhash";

    private const string Driver = "libmongoc-1.0-0 libbson-1.0-0";

    /// <summary>A resolver can be set once, and must be before the first call; only this assembly's own calls go through it.</summary>
#pragma warning disable CA2255 // There is no other place that is certain to come before any call.
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void Register() => NativeLibrary.SetDllImportResolver(typeof(NativeLibraries).Assembly, Load);

    private static IntPtr Load(string name, Assembly assembly, DllImportSearchPath? path) => name switch
    {
        Bson => Load("libbson-1.0", Driver, "ECLUSIER_LIBBSON", assembly, path),
        Mongoc => Load("libmongoc-1.0", Driver, "ECLUSIER_LIBMONGOC", assembly, path),
        XxHash => Load("libxxhash", "libxxhash0", "ECLUSIER_LIBXXHASH", assembly, path),
        _ => IntPtr.Zero,
    };

    /// <exception cref="EclusierException">The library is not installed.</exception>
    internal static IntPtr Load(string library, string packages, string variable, Assembly assembly, DllImportSearchPath? path)
    {
        var own = Environment.GetEnvironmentVariable(variable);
        string[] names = [$"{library}.so.0", $"{library}.0.dylib"];
        string[] candidates = string.IsNullOrEmpty(own) ? names : [own, .. names];
        foreach (var candidate in candidates)
        {
            if (NativeLibrary.TryLoad(candidate, assembly, path, out var handle))
                return handle;
        }
        throw new EclusierException(
            new Text($"A library that MongoDB databases need is not installed: {library}.", $"Une bibliothèque nécessaire aux bases MongoDB n'est pas installée : {library}."),
            string.Join(", ", candidates),
            new Text(
                $"Install it: apt-get install {packages}; or set {variable} to the library's path.",
                $"Installez-la : apt-get install {packages} ; ou donnez le chemin de la bibliothèque dans {variable}."),
            ExitCode.Usage);
    }
}
