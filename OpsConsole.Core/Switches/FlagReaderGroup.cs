namespace OpsConsole.Core.Switches;

/// <summary>Readers that came with one token.</summary>
/// <param name="Environment">Whose flags they read.</param>
/// <param name="Name">The token's name.</param>
/// <param name="Readers">Clients that are there.</param>
/// <param name="Streams">Streams that they hold.</param>
/// <param name="OldestHeard">How long ago the one that was silent longest was last heard of.</param>
public sealed record FlagReaderGroup(string Environment, string Name, int Readers, int Streams, TimeSpan OldestHeard);
