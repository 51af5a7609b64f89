namespace OpsConsole.Web.Components.Kit;

/// <summary>
/// A text that is typed and that stands in the address, too. The address follows what is typed, and word of it comes back a while later, when more has been typed already:
/// that word is not taken for an address that somebody else brought about.
/// </summary>
public sealed class TypedInAddress
{
    private readonly Queue<string> _underWay = new();
    private string _address = "";

    /// <summary>What stands in the field.</summary>
    public string Text { get; private set; } = "";

    /// <summary>Takes what was typed where it stands in no address, or what another page's address says.</summary>
    public void Begin(string? text)
    {
        _underWay.Clear();
        Text = text ?? "";
        _address = Text.Trim();
    }

    /// <summary>Takes what was typed; the caller puts it into the address.</summary>
    public void Type(string? text)
    {
        Text = text ?? "";
        _underWay.Enqueue(Text.Trim());
    }

    /// <summary>Takes what stands in the address now. The field changes only where that is neither known already nor on its way from the field.</summary>
    public void Read(string? address)
    {
        var there = (address ?? "").Trim();
        if (there == _address)
        {
            return;
        }

        _address = there;
        if (!_underWay.Contains(there))
        {
            _underWay.Clear();
            Text = there;
            return;
        }

        while (_underWay.Dequeue() != there)
        {
            // Earlier ones were overtaken.
        }
    }
}
