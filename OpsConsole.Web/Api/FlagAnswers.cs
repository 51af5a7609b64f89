using System.Buffers;
using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using OpsConsole.Core.Switches;

namespace OpsConsole.Web.Api;

/// <summary>Every flag of an environment as it stands, with its answers written beforehand. Immutable.</summary>
internal sealed class FlagAnswers
{
    private readonly FlagAnswer[] _flags;
    private readonly FrozenDictionary<string, FlagAnswer> _byKey;
    private readonly byte[] _seed;
    private readonly byte[] _end;
    private readonly byte[]? _fixed;
    private readonly string? _fixedTag;

    public FlagAnswers(string environment, IReadOnlyList<FlagState> flags, long version)
    {
        Version = version;
        _flags = [.. flags.Select(flag => new FlagAnswer(flag))];
        _byKey = _flags.ToFrozenDictionary(answer => answer.Flag.Key, StringComparer.Ordinal);
        _seed = Seed(environment, flags);
        _end = Encoding.UTF8.GetBytes(",\"metadata\":{\"environment\":" + JsonSerializer.Serialize(environment) + "}}");
        if (_flags.All(answer => answer.Fixed is not null))
        {
            byte[] outcomes = [.. _flags.Select(answer => answer.Fixed!.Value)];
            var body = new ArrayBufferWriter<byte>(256 * (_flags.Length + 1));
            WriteFlags(body, outcomes);
            (_fixed, _fixedTag) = (body.WrittenSpan.ToArray(), Tag(outcomes));
        }
    }

    /// <summary>The <see cref="SwitchBoard.Version"/> that they are of.</summary>
    public long Version { get; }

    private static ReadOnlySpan<byte> Flags => "{\"flags\":["u8;

    private static ReadOnlySpan<byte> EventStreams => ",\"eventStreams\":["u8;

    public FlagAnswer? Find(string key) => _byKey.GetValueOrDefault(key);

    /// <summary>What someone is answered for all flags, as the numbers of the answers; null where everyone is answered the same.</summary>
    public byte[]? For(EvaluationContext context)
    {
        if (_fixed is not null)
        {
            return null;
        }

        var outcomes = new byte[_flags.Length];
        for (var i = 0; i < outcomes.Length; i++)
        {
            outcomes[i] = _flags[i].For(context);
        }

        return outcomes;
    }

    /// <summary>The same for the same answers in the same environment, also after a restart, and another one as soon as any of them changes.</summary>
    public string TagOf(byte[]? outcomes) => outcomes is null ? _fixedTag! : Tag(outcomes);

    /// <summary>Length of the bulk answer in bytes.</summary>
    public int Length(byte[]? outcomes, int eventStreams)
    {
        var length = _end.Length + (eventStreams > 0 ? EventStreams.Length + eventStreams + 1 : 0);
        if (outcomes is null)
        {
            return length + _fixed!.Length;
        }

        // Braces and the commas between the flags.
        length += Flags.Length + 1 + Math.Max(0, outcomes.Length - 1);
        for (var i = 0; i < outcomes.Length; i++)
        {
            length += _flags[i].Text(outcomes[i]).Length;
        }

        return length;
    }

    /// <summary>Writes the bulk answer. <paramref name="eventStreams"/> are the entries of its "eventStreams" as JSON; empty leaves the member out.</summary>
    public void Write(IBufferWriter<byte> to, byte[]? outcomes, ReadOnlySpan<byte> eventStreams)
    {
        if (outcomes is null)
        {
            to.Write(_fixed);
        }
        else
        {
            WriteFlags(to, outcomes);
        }

        if (!eventStreams.IsEmpty)
        {
            to.Write(EventStreams);
            to.Write(eventStreams);
            to.Write("]"u8);
        }

        to.Write(_end);
    }

    private void WriteFlags(IBufferWriter<byte> to, byte[] outcomes)
    {
        to.Write(Flags);
        for (var i = 0; i < outcomes.Length; i++)
        {
            if (i > 0)
            {
                to.Write(","u8);
            }

            to.Write(_flags[i].Text(outcomes[i]));
        }

        to.Write("]"u8);
    }

    private string Tag(byte[] outcomes)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(_seed);
        hash.AppendData(outcomes);
        Span<byte> digest = stackalloc byte[32];
        hash.GetHashAndReset(digest);
        return Convert.ToHexStringLower(digest[..12]);
    }

    /// <summary>All that the answers say beyond which of them it is.</summary>
    private static byte[] Seed(string environment, IReadOnlyList<FlagState> flags)
    {
        var text = new StringBuilder(environment).Append('\n');
        foreach (var flag in flags)
        {
            text.Append(CultureInfo.InvariantCulture, $"{flag.Key}\n{flag.ChangedAt.UtcTicks}\n{flag.TurnsOff.Length}:{flag.TurnsOff}\n");
        }

        return SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString()));
    }
}

/// <summary>The answers of each environment, made when they are first asked for after a change.</summary>
internal sealed class FlagAnswerBook(SwitchBoard switches)
{
    /// <summary>More environments than anyone has: names beyond it are answered without being kept.</summary>
    private const int MostKept = 256;

    private readonly ConcurrentDictionary<string, FlagAnswers> _byEnvironment = new(StringComparer.Ordinal);

    public FlagAnswers For(string environment)
    {
        if (_byEnvironment.TryGetValue(environment, out var kept) && kept.Version == switches.Version)
        {
            return kept;
        }

        var (flags, version) = switches.In(environment);
        var answers = new FlagAnswers(environment, flags, version);
        if (kept is not null || _byEnvironment.Count < MostKept)
        {
            // Of two made at once the newer stays.
            _byEnvironment.AddOrUpdate(environment, answers, (_, other) => other.Version > version ? other : answers);
        }

        return answers;
    }
}
