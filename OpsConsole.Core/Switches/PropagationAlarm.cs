namespace OpsConsole.Core.Switches;

/// <summary>Clients that are there and not on the new value though a change is more than half a minute old.</summary>
/// <param name="PropagationId">The <see cref="FlagPropagation"/>.</param>
/// <param name="Key">The flag.</param>
/// <param name="Environment">Where it was changed; null: everywhere.</param>
/// <param name="Kind">What was changed.</param>
/// <param name="FlippedAt">When the change was decided.</param>
/// <param name="Unconfirmed">Clients that are there and still on the old value.</param>
/// <param name="Clients">Clients that were there when it was changed.</param>
public sealed record PropagationAlarm(Guid PropagationId, string Key, string? Environment, FlagChangeKind Kind, DateTimeOffset FlippedAt, int Unconfirmed, int Clients)
{
    /// <summary>Whose clients they are: "shop web in production: 3, checkout in production: 1".</summary>
    public string Who { get; init; } = "";

    /// <summary>The alarm for people.</summary>
    public string Sentence =>
        $"{Unconfirmed} of {Clients} {(Clients == 1 ? "client" : "clients")} {(Unconfirmed == 1 ? "is" : "are")} there and not on the new value of {Key}{(Environment is null ? "" : " in " + Environment)} more than {PropagationClock.AlarmAfter.TotalSeconds:0} s after the change.";
}
