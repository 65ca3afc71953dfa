using System.Runtime.InteropServices;
using System.Text;

namespace Eclusier.Mongo.Driver.Native;

/// <summary><c>bson_error_t</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct NativeError
{
    private const int MessageBytes = 504;

    public uint Domain;
    public uint Code;
    private fixed byte _message[MessageBytes];

    public readonly string Message
    {
        get
        {
            fixed (byte* start = _message)
            {
                var text = new ReadOnlySpan<byte>(start, MessageBytes);
                var end = text.IndexOf((byte)0);
                return Encoding.UTF8.GetString(end < 0 ? text : text[..end]);
            }
        }
    }
}
