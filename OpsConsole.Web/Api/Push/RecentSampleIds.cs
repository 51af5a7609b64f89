using System.Security.Cryptography;
using System.Text;

namespace OpsConsole.Web.Api.Push;

/// <summary>Ids of samples that were accepted lately, so that a batch sent twice counts once.</summary>
/// <remarks>
/// Remembers the last <see cref="MostIds"/> ids, none longer than <see cref="Kept"/>: as long as a sample that states its time is accepted at all.
/// Beyond the first bound, which 158 samples a second reach, a repetition may count twice. Ids of different callers never meet.
/// </remarks>
internal sealed class RecentSampleIds(TimeProvider time)
{
    public const int MostIds = 100_000;

    public static readonly TimeSpan Kept = SampleCheck.MostBehind + SampleCheck.MostAhead;

    private readonly Lock _lock = new();
    private readonly Dictionary<UInt128, long> _known = [];
    private readonly Queue<(UInt128 Id, long At)> _order = new();

    /// <summary>Remembers an id. False when it is remembered already.</summary>
    public bool TryAdd(string caller, string id)
    {
        var hash = Hash(caller, id);
        var now = time.GetTimestamp();
        lock (_lock)
        {
            while (_order.TryPeek(out var oldest) && time.GetElapsedTime(oldest.At, now) > Kept)
            {
                ForgetOldest();
            }

            if (!_known.TryAdd(hash, now))
            {
                return false;
            }

            _order.Enqueue((hash, now));
            if (_order.Count > MostIds)
            {
                ForgetOldest();
            }

            return true;
        }
    }

    /// <summary>Forgets an id whose sample was not taken after all, so that it can be sent again.</summary>
    public void Remove(string caller, string id)
    {
        lock (_lock)
        {
            _known.Remove(Hash(caller, id));
        }
    }

    private void ForgetOldest()
    {
        var (id, at) = _order.Dequeue();

        // An id that was removed and added again has a later entry of its own.
        if (_known.GetValueOrDefault(id) == at)
        {
            _known.Remove(id);
        }
    }

    /// <summary>Ids differ in length; their hashes do not, which bounds the memory.</summary>
    private static UInt128 Hash(string caller, string id)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{caller}\n{id}"), hash);
        return BitConverter.ToUInt128(hash);
    }
}
