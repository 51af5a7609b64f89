using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Logging.Abstractions;
using OpsConsole.Tests.Core.Board;
using OpsConsole.Tests.Shared;
using OpsConsole.Web.Live;

namespace OpsConsole.Tests.Web.Live;

public sealed class BoardRelayTests
{
    private readonly BoardRig _rig = new();
    private readonly Connections _hub = new();
    private readonly BoardRelay _relay;

    public BoardRelayTests() => _relay = new BoardRelay(_rig.Board, _hub, new BoardJson(), NullLogger<BoardRelay>.Instance);

    [Fact]
    public async Task A_stuck_client_has_one_message_under_way_and_then_gets_the_newest_board()
    {
        var release = _rig.Rolling();
        using var gone = new CancellationTokenSource();
        var stuck = _hub.Add("stuck");
        var quick = _hub.Add("quick");
        stuck.Block();
        _relay.Begin("stuck", gone.Token);
        _relay.Begin("quick", gone.Token);
        await Eventually.TrueAsync(() => stuck.Sent.Count == 1 && quick.Sent.Count == 1);
        for (var i = 1; i <= 50; i++)
        {
            _rig.Record(release, i);
            _rig.Build(release);
            await Eventually.TrueAsync(() => Version(quick) == _rig.Board.Current.Version);
        }

        Assert.Single(stuck.Sent);
        stuck.Free();
        await Eventually.TrueAsync(() => Version(stuck) == _rig.Board.Current.Version);
        Assert.Equal(["board", "releases"], stuck.Sent.Select(s => s.Method));
        await gone.CancelAsync();
        await Eventually.TrueAsync(() => _relay.Clients == 0 && _rig.Board.Feed.Count == 0);
    }

    [Fact]
    public async Task Whoever_fails_is_let_go_alone()
    {
        _rig.Rolling();
        using var gone = new CancellationTokenSource();
        _hub.Add("broken").Break();
        var whole = _hub.Add("whole");
        _relay.Begin("broken", gone.Token);
        _relay.Begin("whole", gone.Token);
        await Eventually.TrueAsync(() => whole.Sent.Count == 1 && _relay.Clients == 1);
        await gone.CancelAsync();
        await Eventually.TrueAsync(() => _relay.Clients == 0);
    }

    [Fact]
    public void The_same_message_is_written_once_for_all()
    {
        var json = new BoardJson();
        var release = _rig.Rolling();
        var before = _rig.Board.Current;
        _rig.Record(release, 1);
        _rig.Build(release);
        Assert.Same(json.Changes(before, _rig.Board.Current), json.Changes(before, _rig.Board.Current));
        Assert.Same(json.Board(_rig.Board.Current), json.Board(_rig.Board.Current));
    }

    private static long Version(Connection connection) =>
        JsonDocument.Parse(connection.Sent.Last().Message.Utf8).RootElement.GetProperty("version").GetInt64();

    private sealed class Connection : ISingleClientProxy
    {
        private TaskCompletionSource? _blocked;
        private bool _broken;

        public ConcurrentQueue<(string Method, ReadyJson Message)> Sent { get; } = new();

        public void Block() => _blocked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Free() => _blocked!.SetResult();

        public void Break() => _broken = true;

        public async Task SendCoreAsync(string method, object?[] args, CancellationToken cancellationToken = default)
        {
            if (_broken)
            {
                throw new IOException("The connection is broken.");
            }

            Sent.Enqueue((method, (ReadyJson)args[0]!));
            await (_blocked?.Task ?? Task.CompletedTask);
        }

        public Task<T> InvokeCoreAsync<T>(string method, object?[] args, CancellationToken cancellationToken) => throw new NotSupportedException();
    }

    private sealed class Connections : IHubContext<BoardHub>, IHubClients
    {
        private readonly Dictionary<string, Connection> _connections = [];

        public IHubClients Clients => this;

        public IGroupManager Groups => throw new NotSupportedException();

        public IClientProxy All => throw new NotSupportedException();

        public Connection Add(string id) => _connections[id] = new Connection();

        public ISingleClientProxy Client(string connectionId) => _connections[connectionId];

        IClientProxy IHubClients<IClientProxy>.Client(string connectionId) => _connections[connectionId];

        public IClientProxy AllExcept(IReadOnlyList<string> excludedConnectionIds) => throw new NotSupportedException();

        IClientProxy IHubClients<IClientProxy>.Clients(IReadOnlyList<string> connectionIds) => throw new NotSupportedException();

        public IClientProxy Group(string groupName) => throw new NotSupportedException();

        public IClientProxy GroupExcept(string groupName, IReadOnlyList<string> excludedConnectionIds) => throw new NotSupportedException();

        IClientProxy IHubClients<IClientProxy>.Groups(IReadOnlyList<string> groupNames) => throw new NotSupportedException();

        public IClientProxy User(string userId) => throw new NotSupportedException();

        public IClientProxy Users(IReadOnlyList<string> userIds) => throw new NotSupportedException();
    }
}
