using System.Globalization;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Remote;
using OpsConsole.Core.Targets;
using OpsConsole.Core.Targets.Command;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Contracts.Targets;

/// <summary>Runs a real program (a script with curl) for everything.</summary>
public sealed class CommandTargetTests : TargetContract
{
    private static readonly string Program = Path.Combine(Repository.Root, "OpsConsole.Tests", "Contracts", "Targets", "target-command.sh");

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("opsconsole-command-");
    private CommandApi? _api;

    private protected override DeliveryTargetKind Kind { get; } = CommandKind.Allowing([Program, "/bin/sh", "/nowhere/rollout", "/etc/passwd"]);

    private protected override IReadOnlyDictionary<string, string> Services => new Dictionary<string, string> { [Service] = "shop-app" };

    private protected override bool TellsWhenToAskAgain => false;

    private string Noted => Path.Combine(_folder.FullName, "noted");

    public override async ValueTask DisposeAsync()
    {
        if (_api is not null)
        {
            await base.DisposeAsync();
        }

        _folder.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task What_stops_is_asked_for_without_a_reading_before_it()
    {
        await ApplyAsync(Change(25, halted: true));
        await ApplyAsync(Change(0));

        Assert.All(_api!.Requests, r => Assert.StartsWith("PUT", r, StringComparison.Ordinal));
        Assert.Equal(2, _api!.Changes);
    }

    [Fact]
    public async Task What_is_so_already_is_not_asked_for()
    {
        await ApplyAsync(Change(25));
        await ApplyAsync(Change(25));

        Assert.Equal(1, _api!.Changes);
    }

    [Fact]
    public async Task Arguments_go_through_no_shell_and_stay_one_each()
    {
        var change = Change(0) with { Version = "2.15.0;touch${IFS}x", PreviousVersion = "a b {share} $(id) `id` \"'\\*" };

        await ApplyAsync("arguments {file} x{version}y {previous} {share} {halted} {environment}/{service} {action}", change);

        Assert.Equal(
            ["x2.15.0;touch${IFS}xy", "a b {share} $(id) `id` \"'\\*", "0", "false", "production/shop-app", change.ActionId.ToString("D")],
            await File.ReadAllLinesAsync(Noted, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_previous_version_that_is_none_is_an_empty_argument()
    {
        await ApplyAsync("arguments {file} {previous} {share}", Change(0) with { PreviousVersion = null });

        Assert.Equal(["", "0"], await File.ReadAllLinesAsync(Noted, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Nothing_of_the_consoles_environment_is_the_programs()
    {
        Environment.SetEnvironmentVariable("OPSCONSOLE_TEST_OF_THE_COMMAND", "not for programs");
        await ApplyAsync("environment {file}", Change(0));

        var lines = await File.ReadAllLinesAsync(Noted, TestContext.Current.CancellationToken);
        Assert.Equal(
            ["LC_ALL=C.UTF-8", $"OPSCONSOLE_TOKEN={Secret}", "PATH=/usr/local/bin:/usr/bin:/bin"],
            lines[..^1].Where(l => l.Split('=')[0] is not ("PWD" or "OLDPWD" or "SHLVL" or "_")).Order(StringComparer.Ordinal));
        Assert.Equal("/", lines[^1]);
    }

    [Fact]
    public async Task At_the_limit_it_is_killed_with_its_children()
    {
        var time = new FakeTime();
        var adapter = Connect(Told("linger {file}", "show"), time);
        var apply = adapter.ApplyAsync(Change(0), TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(() => File.Exists(Noted) && File.ReadAllText(Noted).EndsWith('\n'));
        var ids = (await File.ReadAllTextAsync(Noted, TestContext.Current.CancellationToken)).Split(' ').Select(id => int.Parse(id, CultureInfo.InvariantCulture)).ToList();
        Assert.All(ids, id => Assert.True(IsRunning(id)));

        time.Advance(TimeSpan.FromSeconds(5));

        Assert.Contains("5 s", (await Assert.ThrowsAsync<TargetUnreachableException>(() => apply)).Message, StringComparison.Ordinal);
        await Eventually.TrueAsync(() => !ids.Exists(IsRunning));
    }

    [Fact]
    public async Task Giving_up_kills_it_too()
    {
        using var cancel = new CancellationTokenSource();
        var apply = Connect(Told("linger {file}", "show"), TimeProvider.System).ApplyAsync(Change(0), cancel.Token);
        await Eventually.TrueAsync(() => File.Exists(Noted) && File.ReadAllText(Noted).EndsWith('\n'));
        var ids = (await File.ReadAllTextAsync(Noted, TestContext.Current.CancellationToken)).Split(' ').Select(id => int.Parse(id, CultureInfo.InvariantCulture)).ToList();

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => apply);
        await Eventually.TrueAsync(() => !ids.Exists(IsRunning));
    }

    [Fact]
    public async Task What_says_too_much_is_ended()
    {
        var adapter = Connect(Told("chatter", "chatter"), TimeProvider.System);

        var changed = await Assert.ThrowsAsync<TargetUnreachableException>(() => adapter.ApplyAsync(Change(0), TestContext.Current.CancellationToken));
        var read = await Assert.ThrowsAsync<TargetUnreachableException>(() => adapter.ObserveAsync(Service, Production, New, TestContext.Current.CancellationToken));

        Assert.Contains("more than 65536 characters", changed.Message, StringComparison.Ordinal);
        Assert.Contains("more than 65536 characters", read.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(65, "TargetRefusedException", "refused: broken")]
    [InlineData(75, "TargetRefusedException", "is busy and did nothing: broken")]
    [InlineData(1, "TargetUnreachableException", "ended with 1; whether it did anything is not known: broken")]
    [InlineData(137, "TargetUnreachableException", "ended with 137; whether it did anything is not known: broken")]
    public async Task An_exit_code_says_what_is_known(int code, string type, string told)
    {
        var adapter = Connect(Told($"exit {code} broken", "show"), TimeProvider.System);

        var thrown = await Assert.ThrowsAnyAsync<Exception>(() => adapter.ApplyAsync(Change(0), TestContext.Current.CancellationToken));

        Assert.Equal(type, thrown.GetType().Name);
        Assert.Contains(told, thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_token_is_not_in_what_it_says()
    {
        var adapter = Connect(Told($"exit 65 {Secret}", "show"), TimeProvider.System);

        var refused = await Assert.ThrowsAsync<TargetRefusedException>(() => adapter.ApplyAsync(Change(0), TestContext.Current.CancellationToken));

        Assert.Equal("The command refused: (secret)", refused.Message);
    }

    [Fact]
    public async Task What_is_busy_is_run_three_times_at_most()
    {
        var adapter = Connect(Told("show", $"busy {Noted}"), TimeProvider.System);

        Assert.Equal(0, (await adapter.ObserveAsync(Service, Production, New, TestContext.Current.CancellationToken)).ExposurePercent);
        Assert.Equal(3, (await File.ReadAllLinesAsync(Noted, TestContext.Current.CancellationToken)).Length);
    }

    [Theory]
    [InlineData("Program", "/usr/bin/true", "Program is not among")]
    [InlineData("Program", "rollout", "Program is not a whole path")]
    [InlineData("Program", "/bin/../bin/sh", "Program is not a whole path")]
    [InlineData("Program", "/bin/sh", "Program is a shell")]
    [InlineData("Program", "/nowhere/rollout", "Program is not there")]
    [InlineData("Program", "/etc/passwd", "Program cannot be executed")]
    [InlineData("Change", "set {service} {verb}", "Change has {verb}")]
    [InlineData("State", "show {service} {share}", "State has {share}")]
    [InlineData("Verbs", "everything", "Verbs names 'everything'")]
    public void A_setting_that_is_wrong_is_told(string name, string value, string told)
    {
        var settings = new TargetSettings(Kind, "target", Production, new Dictionary<string, string>(Told("set", "show")) { [name] = value });

        Assert.StartsWith(told, Assert.Single(settings.Faults()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_is_gone_since_the_console_started_did_nothing()
    {
        var program = Path.Combine(_folder.FullName, "rollout");
        File.Copy(Program, program);
        var settings = new TargetSettings(CommandKind.Allowing([program]), "target", Production, new Dictionary<string, string>(Told("set", "show")) { ["Program"] = program });
        Assert.Empty(settings.Faults());
        var adapter = CommandKind.Allowing([program]).Create(settings, new RemoteConnections(() => new SocketsHttpHandler(), TimeProvider.System));
        File.Delete(program);

        var refused = await Assert.ThrowsAsync<TargetRefusedException>(() => adapter.ApplyAsync(Change(0), TestContext.Current.CancellationToken));
        var unread = await Assert.ThrowsAsync<TargetUnreachableException>(() => adapter.ObserveAsync(Service, Production, New, TestContext.Current.CancellationToken));

        Assert.StartsWith("The command could not be started: ", refused.Message, StringComparison.Ordinal);
        Assert.StartsWith("The command could not be started: ", unread.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_program_that_anyone_can_replace_is_refused()
    {
        var program = Path.Combine(_folder.FullName, "rollout");
        File.WriteAllText(program, "#!/bin/sh\n");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.OtherWrite);
        var kind = CommandKind.Allowing([program]);

        var settings = new TargetSettings(kind, "target", Production, new Dictionary<string, string>(Told("set", "show")) { ["Program"] = program });

        Assert.StartsWith("Program can be replaced by anyone", Assert.Single(settings.Faults()), StringComparison.Ordinal);
    }

    private protected override ApiServer Serve()
    {
        Assert.SkipUnless(Required.InContinuousIntegration || File.Exists("/usr/bin/curl"), "curl is not installed, by which the program of these tests speaks.");
        return _api = new CommandApi(Secret);
    }

    private protected override IReadOnlyDictionary<string, string> Settings(Uri address) => Told(address, Secret);

    private protected override IReadOnlyDictionary<string, string> WrongSettings(Uri address) => Told(address, Secret + "-of-another");

    private static Dictionary<string, string> Told(Uri address, string token) => new()
    {
        ["Program"] = Program,
        ["Change"] = $"set {address} {{service}} {{version}} {{previous}} {{share}} {{halted}} {{action}}",
        ["State"] = $"show {address} {{service}} {{version}}",
        ["Token"] = token,
    };

    private Dictionary<string, string> Told(string change, string state) => new()
    {
        ["Program"] = Program, ["Change"] = change.Replace("{file}", Noted, StringComparison.Ordinal), ["State"] = state, ["Token"] = Secret,
    };

    private Task ApplyAsync(string arguments, TargetChange change) => Connect(Told(arguments, "show"), TimeProvider.System).ApplyAsync(change, TestContext.Current.CancellationToken);

    /// <summary>What ended and was not yet taken note of by whoever should is not running.</summary>
    private static bool IsRunning(int id)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/stat").Split(')')[^1].Trim()[0] is not ('Z' or 'X');
        }
        catch (IOException)
        {
            return false;
        }
    }
}
