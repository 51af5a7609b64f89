using OpsConsole.Core.Actions.Gate;

namespace OpsConsole.Core.Targets.ReleaseChannel;

/// <summary>What a manifest says of one version.</summary>
/// <param name="Share">Share of the programs that are offered it now, 0 to 100.</param>
/// <param name="Note">What the console wrote into the manifest last; null where it never did.</param>
internal sealed record ChannelOffer(double Share, ChannelNote? Note);

/// <summary>A form of manifest that installed programs read.</summary>
internal interface IChannelFormat
{
    /// <summary>Media type that it is stored with.</summary>
    string ContentType { get; }

    /// <summary>Whether a roll back needs the manifest of the version before.</summary>
    bool PutsPreviousBack { get; }

    /// <summary>Who is offered a version besides its share, as a sentence; null: nobody.</summary>
    string? Besides { get; }

    /// <summary>Why it cannot hold a share, as a sentence; null: it can.</summary>
    string? WhyNot(double share);

    /// <summary>What a manifest says of a version; null where the text is no manifest.</summary>
    ChannelOffer? Read(string manifest, string version, DateTimeOffset now);

    /// <summary>The manifest with a version offered to the share of the note.</summary>
    /// <param name="manifest">The manifest as it is.</param>
    /// <param name="ofVersion">The manifest of that version alone.</param>
    /// <param name="note">What is to be said in it.</param>
    /// <param name="now">The time.</param>
    /// <exception cref="TargetRefusedException">It would be no true offer.</exception>
    string Offer(string manifest, string ofVersion, ChannelNote note, DateTimeOffset now);

    /// <summary>The manifest with the version of the note offered to nobody.</summary>
    /// <exception cref="TargetRefusedException">It cannot be changed.</exception>
    string Hold(string manifest, ChannelNote note);

    /// <summary>The manifest without the version of the note.</summary>
    /// <param name="manifest">The manifest as it is.</param>
    /// <param name="ofPrevious">The manifest of the version before alone, where it is needed.</param>
    /// <param name="note">What is to be said in it.</param>
    /// <exception cref="TargetRefusedException">It cannot be changed.</exception>
    string Withdraw(string manifest, string? ofPrevious, ChannelNote note);
}
