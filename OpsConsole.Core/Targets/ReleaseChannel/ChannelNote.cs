using System.Globalization;

namespace OpsConsole.Core.Targets.ReleaseChannel;

/// <summary>How the console left a version in a channel.</summary>
internal enum ChannelState
{
    Offered,
    Halted,
    Withdrawn,
}

/// <summary>What the console writes into a manifest, so that a halt and the action that it came from are known again.</summary>
/// <param name="Version">The version that it is about.</param>
/// <param name="Share">Share of the programs that the version stands at, 0 to 100.</param>
/// <param name="State">How it was left.</param>
/// <param name="Action">The action that it came from.</param>
internal sealed record ChannelNote(string Version, double Share, ChannelState State, Guid Action)
{
    private const int Parts = 4;

    /// <summary>Reads what <see cref="ToString"/> wrote; null where the text is something else.</summary>
    public static ChannelNote? Read(string? text) =>
        text?.Split(' ', StringSplitOptions.RemoveEmptyEntries) is { Length: Parts } parts
        && double.TryParse(parts[1], NumberStyles.Float, CultureInfo.InvariantCulture, out var share) && share is >= 0 and <= 100
        && Enum.TryParse<ChannelState>(parts[2], ignoreCase: true, out var state) && Enum.IsDefined(state)
        && Guid.TryParse(parts[3], out var action)
            ? new ChannelNote(parts[0], share, state, action)
            : null;

    /// <summary>The note in one line; a version has no space in it.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Version} {Share:R} {State} {Action:D}");
}
