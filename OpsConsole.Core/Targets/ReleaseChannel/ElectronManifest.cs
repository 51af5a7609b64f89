using System.Globalization;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Switches;

namespace OpsConsole.Core.Targets.ReleaseChannel;

/// <summary>The manifest of electron-updater (<c>latest.yml</c>): one version, and the percentage of programs that are offered it.</summary>
/// <remarks>It is YAML as electron-builder writes it: a mapping whose keys begin their lines. Only the lines of the percentage and of the console's note are touched.</remarks>
internal sealed class ElectronManifest : IChannelFormat
{
    private const string VersionKey = "version", ShareKey = "stagingPercentage", Mark = "# opsconsole: ";

    public string ContentType => "text/yaml; charset=utf-8";

    public bool PutsPreviousBack => true;

    public string? Besides => null;

    /// <inheritdoc/>
    public string? WhyNot(double share) => Math.Abs(share - Math.Round(share)) < 0.005 ? null : "electron-updater reads whole percentages alone. Ask for one.";

    /// <inheritdoc/>
    public ChannelOffer? Read(string manifest, string version, DateTimeOffset now)
    {
        if (Value(manifest, VersionKey) is not { } offered || Share(manifest) is not { } share)
        {
            return null;
        }

        var note = Lines(manifest).Where(l => l.StartsWith(Mark, StringComparison.Ordinal)).Select(l => ChannelNote.Read(l[Mark.Length..])).FirstOrDefault();
        return new ChannelOffer(offered == version ? share : 0, note);
    }

    /// <inheritdoc/>
    public string Offer(string manifest, string ofVersion, ChannelNote note, DateTimeOffset now)
    {
        var offered = Value(manifest, VersionKey);
        if (SemanticVersion.Read(note.Version) is not { } next || SemanticVersion.Read(offered) is not { } current)
        {
            throw new TargetRefusedException($"electron-updater compares semantic versions alone, and {note.Version} or {offered} is none.");
        }

        if (current.OrderTo(next) > 0)
        {
            throw new TargetRefusedException($"The channel offers {offered} already, which is higher than {note.Version}: programs never go back, so nobody would get it.");
        }

        return Written(Of(ofVersion, note.Version), note, note.Share < 100 ? note.Share : null);
    }

    /// <inheritdoc/>
    public string Hold(string manifest, ChannelNote note) => Written(manifest, note, 0);

    /// <inheritdoc/>
    public string Withdraw(string manifest, string? ofPrevious, ChannelNote note) => Written(ofPrevious ?? manifest, note, ofPrevious is null ? 0 : null);

    /// <summary>A manifest, held against the version that it is to be of.</summary>
    private static string Of(string manifest, string version) => Value(manifest, VersionKey) is var said && said == version ? manifest
        : throw new TargetRefusedException($"The manifest of {version} is one of {said ?? "no version"}.");

    private static string Written(string manifest, ChannelNote note, double? share)
    {
        var lines = Lines(manifest).Where(l => !l.StartsWith(Mark, StringComparison.Ordinal) && KeyOf(l) != ShareKey).ToList();
        while (lines.Count > 0 && lines[^1].Length == 0)
        {
            lines.RemoveAt(lines.Count - 1);
        }

        if (share is { } percent)
        {
            lines.Insert(lines.FindIndex(l => KeyOf(l) == VersionKey) + 1, string.Create(CultureInfo.InvariantCulture, $"{ShareKey}: {Math.Round(percent):0}"));
        }

        return $"{Mark}{note}\n{string.Join('\n', lines)}\n";
    }

    /// <summary>The percentage; everyone where none is said, and null where what is said is none.</summary>
    private static double? Share(string manifest) => Value(manifest, ShareKey) is not { } said ? 100
        : double.TryParse(said, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var share) && share is >= 0 and <= 100 ? Math.Floor(share)
        : null;

    /// <summary>What is said under a key at the beginning of a line; null where nothing is, or more than once.</summary>
    private static string? Value(string manifest, string key)
    {
        var said = Lines(manifest).Where(l => KeyOf(l) == key).ToList();
        var value = said.Count == 1 ? said[0][(key.Length + 1)..].Split(" #")[0].Trim().Trim('\'', '"') : "";
        return value.Length > 0 ? value : null;
    }

    private static string KeyOf(string line) => line.IndexOf(':', StringComparison.Ordinal) is > 0 and var at ? line[..at] : "";

    private static string[] Lines(string manifest) => manifest.TrimStart('\uFEFF').ReplaceLineEndings("\n").Split('\n');
}
