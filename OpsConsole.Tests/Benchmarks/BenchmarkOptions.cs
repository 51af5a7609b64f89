using System.Globalization;

namespace OpsConsole.Tests.Benchmarks;

/// <summary>How much load, for how long.</summary>
/// <param name="Seconds">Measured time of each half.</param>
/// <param name="Releases">Releases on the board, each with eight signals that get a sample a second.</param>
/// <param name="Clients">Hub clients; 0 leaves that half out.</param>
/// <param name="Boards">Open boards; 0 leaves that half out.</param>
/// <param name="Spread">Every sample comes at a time of its own, instead of a release's eight together as one read of a source gives them.</param>
internal sealed record BenchmarkOptions(int Seconds, int Releases, int Clients, int Boards, bool Spread)
{
    public static BenchmarkOptions Parse(string[] args) => new(
        Number(args, "--seconds", 30), Number(args, "--releases", 200), Number(args, "--clients", 100), Number(args, "--boards", 100), args.Contains("--spread"));

    /// <summary>The number after an option's name.</summary>
    public static int Number(string[] args, string name, int otherwise)
    {
        var at = Array.IndexOf(args, name);
        return at < 0 ? otherwise : int.Parse(args[at + 1], NumberStyles.None, CultureInfo.InvariantCulture);
    }
}
