namespace OpsConsole.Core.Switches;

/// <summary>A client that reads flags.</summary>
/// <param name="Id">Made by the console; the same for as long as the client gives it back.</param>
/// <param name="Environment">Whose flags it reads.</param>
/// <param name="Name">Name of the token that it came with, for people.</param>
public sealed record FlagReaderId(string Id, string Environment, string Name);

/// <summary>Who reads flags, and what they were last answered. Told from the request's path, so it must not wait or fail.</summary>
public interface IFlagAudience
{
    /// <summary>An answer was written to a client.</summary>
    /// <param name="reader">To whom.</param>
    /// <param name="key">The one flag that was evaluated; null: all of them.</param>
    /// <param name="version">The <see cref="SwitchBoard.Version"/> that the answer is of.</param>
    void Answered(FlagReaderId reader, string? key, long version);

    /// <summary>An answer to all flags was written to a client that brought no id, with one that it may bring back. Until it does, or opens a stream with it, it is known by its place alone, however often it asks.</summary>
    /// <param name="place">The client, by its place.</param>
    /// <param name="given">The id that the answer brought it.</param>
    /// <param name="version">The <see cref="SwitchBoard.Version"/> that the answer is of.</param>
    void AnsweredFirst(FlagReaderId place, string given, long version) => Answered(place, null, version);

    /// <summary>A client that had asked for a flag was told that there is none of that key: what it has to hear when one is put away. Says nothing about clients that never got an answer.</summary>
    void NotFound(FlagReaderId reader, string key, long version)
    {
    }
}
