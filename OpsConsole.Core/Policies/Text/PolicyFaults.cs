namespace OpsConsole.Core.Policies.Text;

/// <summary>Gathers what is wrong with a text, bounded.</summary>
internal sealed class PolicyFaults
{
    private const int Most = 100;

    private readonly List<PolicyFault> _errors = [];
    private readonly List<PolicyFault> _warnings = [];

    public int ErrorCount => _errors.Count;

    /// <summary>Notes an error.</summary>
    /// <param name="at">What it is about.</param>
    /// <param name="message">A sentence.</param>
    /// <param name="suggestion">Another one, with what to write instead.</param>
    /// <param name="offset">Characters into the node's text.</param>
    public void Error(PolicyNode at, string message, string? suggestion = null, int offset = 0) => Add(_errors, at, message, suggestion, offset);

    public void Error(int line, int column, string message, string? suggestion = null)
    {
        if (_errors.Count < Most)
        {
            _errors.Add(new(line, column, message, suggestion));
        }
    }

    public void Warn(PolicyNode at, string message, string? suggestion = null, int offset = 0) => Add(_warnings, at, message, suggestion, offset);

    /// <summary>What the reading came to. Where an error stands, a warning about the same place says nothing more.</summary>
    public PolicyCheckResult Result(ReleasePolicy? policy) => new(InOrder(_errors), InOrder(_warnings.FindAll(w => !_errors.Exists(e => (e.Line, e.Column) == (w.Line, w.Column)))), _errors.Count == 0 ? policy : null);

    private static void Add(List<PolicyFault> faults, PolicyNode at, string message, string? suggestion, int offset)
    {
        if (faults.Count < Most)
        {
            faults.Add(new(at.Line, at.ColumnAt(offset), message, suggestion));
        }
    }

    private static List<PolicyFault> InOrder(List<PolicyFault> faults) => [.. faults.OrderBy(f => f.Line).ThenBy(f => f.Column)];
}
