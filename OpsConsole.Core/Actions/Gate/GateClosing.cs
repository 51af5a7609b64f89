namespace OpsConsole.Core.Actions.Gate;

/// <summary>Tells that this console is stopping. It then begins nothing that lets more people have a release; what stops is taken until its end.</summary>
public sealed class GateClosing
{
    /// <summary>What someone is told who asks for more meanwhile.</summary>
    public const string Sentence = "This console is stopping, so nothing was begun. Ask again in a few seconds: another console or the next start of this one takes it.";

    private volatile bool _closed;

    public bool IsClosed => _closed;

    /// <summary>Actions that did not end in time and were left to another console or the next start.</summary>
    public int Left { get; set; }

    /// <summary>For good: a console that stops does not change its mind.</summary>
    public void Close() => _closed = true;
}
