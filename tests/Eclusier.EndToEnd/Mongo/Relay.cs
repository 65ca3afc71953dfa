using System.Net;
using System.Net.Sockets;

namespace Eclusier.EndToEnd.Mongo;

/// <summary>A port that leads to another one, and can be away for a while like a server that is started again.</summary>
internal sealed class Relay : IAsyncDisposable
{
    private readonly int _target;
    private CancellationTokenSource _up = new();
    private Task _serving;

    public Relay(int target)
    {
        _target = target;
        var listener = Listen(0);
        Port = ((IPEndPoint)listener.LocalEndpoint).Port;
        _serving = ServeAsync(listener, _up.Token);
    }

    public int Port { get; }

    public async Task StopAsync()
    {
        await _up.CancelAsync();
        await _serving;
    }

    public void Start()
    {
        _up.Dispose();
        _up = new CancellationTokenSource();
        _serving = ServeAsync(Listen(Port), _up.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _up.Dispose();
    }

    private static TcpListener Listen(int port)
    {
        var listener = new TcpListener(IPAddress.Loopback, port);
        listener.Server.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        listener.Start();
        return listener;
    }

    private async Task ServeAsync(TcpListener listener, CancellationToken up)
    {
        var connections = new List<Task>();
        try
        {
            while (true)
                connections.Add(ForwardAsync(await listener.AcceptTcpClientAsync(up), up));
        }
        catch (OperationCanceledException)
        {
            listener.Dispose();
            await Task.WhenAll(connections);
        }
    }

    private async Task ForwardAsync(TcpClient client, CancellationToken up)
    {
        using (client)
        using (var server = new TcpClient())
        {
            try
            {
                await server.ConnectAsync(IPAddress.Loopback, _target, up);
                await Task.WhenAny(client.GetStream().CopyToAsync(server.GetStream(), up), server.GetStream().CopyToAsync(client.GetStream(), up));
            }
            catch (Exception error) when (error is OperationCanceledException or IOException or SocketException)
            {
                // One side is gone, or the relay is stopped.
            }
        }
    }
}
