using System.Net;
using System.Net.Sockets;

namespace Eclusier.Files;

/// <summary>A port on loopback that nobody uses now. Another program may take it before whoever asked does.</summary>
public static class FreePort
{
    public static int Find()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
