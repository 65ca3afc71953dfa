using System.Runtime.InteropServices;

namespace Eclusier.Mongo.Driver.Native;

/// <summary>The function of xxHash that we call, under its own name (https://xxhash.com).</summary>
internal static unsafe class LibXxHash
{
    [DllImport(NativeLibraries.XxHash, ExactSpelling = true)]
    private static extern Halves XXH3_128bits(byte* bytes, nuint length);

    public static UInt128 Of(ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            var hash = XXH3_128bits(start, (nuint)bytes.Length);
            return new UInt128(hash.High, hash.Low);
        }
    }

    /// <summary><c>XXH128_hash_t</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Halves
    {
        public readonly ulong Low;
        public readonly ulong High;
    }
}
