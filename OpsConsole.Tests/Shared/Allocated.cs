namespace OpsConsole.Tests.Shared;

/// <summary>What something allocates on this thread.</summary>
internal static class Allocated
{
    private const int Rounds = 100;

    /// <summary>The least bytes of several rounds. What the code allocates it allocates in each; what the runtime does once, when it loads or compiles something, is in a few, which on a busy machine may be the first ones.</summary>
    public static long ByEach(Action round)
    {
        var least = long.MaxValue;
        for (var i = 0; i < Rounds && least > 0; i++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            round();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
