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
    private readonly HashSet<UInt128> _claimed = [];
    private readonly HashSet<UInt128> _kept = [];
    private readonly Queue<(UInt128 Id, long At)> _order = new();

    /// <summary>Claims an id until it is kept or dropped. False when it is known or claimed already.</summary>
    public bool TryClaim(string caller, string id)
    {
        var hash = Hash(caller, id);
        lock (_lock)
        {
            while (_order.TryPeek(out var oldest) && time.GetElapsedTime(oldest.At) > Kept)
            {
                ForgetOldest();
            }

            return !_kept.Contains(hash) && _claimed.Add(hash);
        }
    }

    /// <summary>Remembers a claimed id: its sample was taken. Only this makes others be forgotten.</summary>
    public void Keep(string caller, string id)
    {
        var hash = Hash(caller, id);
        lock (_lock)
        {
            if (!_claimed.Remove(hash) || !_kept.Add(hash))
            {
                return;
            }

            _order.Enqueue((hash, time.GetTimestamp()));
            if (_order.Count > MostIds)
            {
                ForgetOldest();
            }
        }
    }

    /// <summary>Gives a claimed id up: its sample was not taken after all, and can be sent again.</summary>
    public void Drop(string caller, string id)
    {
        lock (_lock)
        {
            _claimed.Remove(Hash(caller, id));
        }
    }

    private void ForgetOldest() => _kept.Remove(_order.Dequeue().Id);

    /// <summary>Ids differ in length; their hashes do not, which bounds the memory.</summary>
    private static UInt128 Hash(string caller, string id)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{caller}\n{id}"), hash);
        return BitConverter.ToUInt128(hash);
    }
}
