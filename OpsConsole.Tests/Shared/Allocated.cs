namespace OpsConsole.Tests.Shared;

/// <summary>What something allocates on this thread.</summary>
internal static class Allocated
{
    private const int Rounds = 5;

    /// <summary>The least bytes of several rounds. What the code allocates it allocates in each; what the runtime does once, when it loads or compiles something, is in one.</summary>
    public static long ByEach(Action round)
    {
        var least = long.MaxValue;
        for (var i = 0; i < Rounds; i++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            round();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
