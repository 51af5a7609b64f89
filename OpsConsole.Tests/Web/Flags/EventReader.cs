namespace OpsConsole.Tests.Web.Flags;

/// <summary>Reads an event stream as a browser does.</summary>
internal sealed class EventReader(HttpResponseMessage response) : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private StreamReader? _lines;

    public HttpResponseMessage Response => response;

    /// <summary>What a browser would bring when it connects again.</summary>
    public string LastEventId { get; private set; } = "";

    /// <summary>What the console said how long to wait before connecting again, in milliseconds.</summary>
    public int Retry { get; private set; }

    /// <summary>Comments so far.</summary>
    public int Comments { get; private set; }

    /// <summary>The next event's type and data; null when the stream ends.</summary>
    public async Task<(string Type, string Data)?> NextAsync()
    {
        var (type, data) = ("message", "");
        while (await LineAsync() is { } line)
        {
            if (line.Length == 0)
            {
                if (data.Length > 0)
                {
                    return (type, data);
                }

                continue;
            }

            var colon = line.IndexOf(':', StringComparison.Ordinal);
            var (field, value) = (line[..colon], line[(colon + 1)..].TrimStart());
            switch (field)
            {
                case "": Comments++; break;
                case "event": type = value; break;
                case "data": data += value; break;
                case "id": LastEventId = value; break;
                case "retry": Retry = int.Parse(value, System.Globalization.CultureInfo.InvariantCulture); break;
                default: Assert.Fail("An unknown field: " + line); break;
            }
        }

        return null;
    }

    /// <summary>Reads the id that is given to whom is current.</summary>
    public async Task MarkedAsync()
    {
        while (LastEventId.Length == 0)
        {
            await ReadFieldAsync();
        }
    }

    /// <summary>Reads one comment.</summary>
    public async Task CommentAsync()
    {
        var before = Comments;
        while (Comments == before)
        {
            await ReadFieldAsync();
        }
    }

    public void Dispose()
    {
        _lines?.Dispose();
        response.Dispose();
    }

    private async Task ReadFieldAsync()
    {
        var line = await LineAsync() ?? throw new InvalidOperationException("The stream ended.");
        Assert.False(line.StartsWith("data:", StringComparison.Ordinal), "Not expected yet: " + line);
        if (line.StartsWith("id:", StringComparison.Ordinal))
        {
            LastEventId = line[3..].Trim();
        }
        else if (line.StartsWith("retry:", StringComparison.Ordinal))
        {
            Retry = int.Parse(line[6..], System.Globalization.CultureInfo.InvariantCulture);
        }
        else if (line.StartsWith(':'))
        {
            Comments++;
        }
    }

    private async Task<string?> LineAsync()
    {
        _lines ??= new StreamReader(await response.Content.ReadAsStreamAsync());
        try
        {
            return await _lines.ReadLineAsync().WaitAsync(Limit);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
