using System.Text;
using System.Text.RegularExpressions;
using Npgsql;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Crashes;

/// <summary>Notes what a console sends to its database, and has it killed at a message: before the database hears of it, or after the database did it and before the answer arrives.</summary>
internal sealed partial class KillingRelay : DatabaseRelay
{
    private readonly Lock _lock = new();
    private readonly List<DatabaseStep> _sent = [];
    private readonly Dictionary<string, int> _times = [];
    private Func<Task>? _kill;
    private KillPoint _at = new(KillPlace.Idle);

    public KillingRelay(string connectionString)
        : base(connectionString) => ConnectionString = new NpgsqlConnectionStringBuilder(ConnectionString) { MaxPoolSize = 4 }.ConnectionString;

    /// <summary>Notes what is sent from now on, and has the console killed at a point, if that is one at the database.</summary>
    public void Arm(KillPoint point, Func<Task> kill)
    {
        lock (_lock)
        {
            (_at, _kill) = (point, point.IsAtDatabase ? kill : null);
            _sent.Clear();
            _times.Clear();
        }
    }

    /// <summary>Kills nobody any more, unless it has begun to. Returns what was sent since it was armed.</summary>
    public (IReadOnlyList<DatabaseStep> Sent, bool Fired) Disarm()
    {
        lock (_lock)
        {
            var fired = _at.IsAtDatabase && _kill is null;
            (_at, _kill) = (new(KillPlace.Idle), null);
            return ([.. _sent], fired);
        }
    }

    protected override IPassing Begin() => new Passing(this);

    private (bool Answered, Func<Task> Kill)? Shot(string does)
    {
        lock (_lock)
        {
            var step = new DatabaseStep(does, _times[does] = _times.GetValueOrDefault(does) + 1);
            _sent.Add(step);
            if (_kill is not { } kill || step != _at.Step)
            {
                return null;
            }

            _kill = null;
            return (_at.Place == KillPlace.AfterDatabase, kill);
        }
    }

    /// <summary>What a message has the database do, in a few words; empty for what belongs to the connection and for what the console does all the time.</summary>
    /// <param name="message">As it is sent.</param>
    /// <param name="wrote">What the same connection wrote last.</param>
    private static string What(string message, ref string wrote)
    {
        if (Commit().IsMatch(message))
        {
            return Mine($"commit of {wrote}");
        }

        var tables = Write().Matches(message).Select(static m => $"{m.Groups["verb"].Value.ToLowerInvariant()} {m.Groups["table"].Value}").ToHashSet();
        if (tables.Count > 0)
        {
            wrote = tables.FirstOrDefault(static t => t.EndsWith(" actions", StringComparison.Ordinal)) ?? string.Join(" + ", tables);
            return Mine(wrote);
        }

        return Read().Match(message) is { Success: true } read && !message.Contains("in_flight_key IS NOT NULL", StringComparison.Ordinal) ? Mine($"read {read.Groups["table"].Value}") : "";
    }

    private static string Mine(string does) => Others().IsMatch(does) ? "" : does;

    /// <summary>The schedule's own connections: what it sends is no part of an action.</summary>
    [GeneratedRegex("qrtz_(?!SCHEDULER_STATE WHERE INSTANCE_NAME <>)")]
    private static partial Regex OfSchedule();

    [GeneratedRegex(@"COMMIT\b")]
    private static partial Regex Commit();

    [GeneratedRegex(@"(?<verb>INSERT|UPDATE|DELETE) (INTO |FROM )?(?<table>[a-z]\w+)")]
    private static partial Regex Write();

    [GeneratedRegex(@"FROM (?!pg_)(?<table>[a-z]\w+)")]
    private static partial Regex Read();

    /// <summary>The history of signals, verdicts, and what is read every few seconds whatever happens.</summary>
    [GeneratedRegex("signal_points|insert release_events$|flag_clients|service_tokens|qrtz_")]
    private static partial Regex Others();

    private sealed class Passing(KillingRelay relay) : IPassing
    {
        private Func<Task>? _killAtAnswer;
        private bool _ofSchedule;
        private string _wrote = "";

        public async Task<bool> MayAskAsync(ReadOnlyMemory<byte> message)
        {
            var text = Encoding.Latin1.GetString(message.Span);
            _ofSchedule |= OfSchedule().IsMatch(text);
            if (_ofSchedule || What(text, ref _wrote) is not { Length: > 0 } does || relay.Shot(does) is not { } shot)
            {
                return true;
            }

            if (shot.Answered)
            {
                _killAtAnswer = shot.Kill;
                return true;
            }

            await shot.Kill();
            return false;
        }

        public async Task<bool> MayAnswerAsync(ReadOnlyMemory<byte> message)
        {
            if (_killAtAnswer is not { } kill)
            {
                return true;
            }

            await kill();
            return false;
        }
    }
}
