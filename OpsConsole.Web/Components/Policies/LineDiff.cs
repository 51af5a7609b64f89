namespace OpsConsole.Web.Components.Policies;

/// <summary>A line of a comparison: kept (' '), added ('+') or taken away ('-').</summary>
public sealed record DiffLine(char Kind, string Text);

/// <summary>Compares two texts line by line by their longest common subsequence.</summary>
public static class LineDiff
{
    /// <summary>Longer texts are not compared: the table would have many millions of cells.</summary>
    public const int MostLines = 2_000;

    /// <summary>The lines of both in order, or null when a text is too long.</summary>
    public static IReadOnlyList<DiffLine>? Of(string before, string after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        var (a, b) = (Lines(before), Lines(after));
        if (a.Length > MostLines || b.Length > MostLines)
        {
            return null;
        }

        var common = Common(a, b);
        var lines = new List<DiffLine>();
        var (i, j) = (0, 0);
        while (i < a.Length || j < b.Length)
        {
            if (i < a.Length && j < b.Length && a[i] == b[j])
            {
                lines.Add(new(' ', a[i++]));
                j++;
            }
            else if (j == b.Length || (i < a.Length && common[i + 1, j] >= common[i, j + 1]))
            {
                lines.Add(new('-', a[i++]));
            }
            else
            {
                lines.Add(new('+', b[j++]));
            }
        }

        return lines;
    }

    /// <summary>Length of the longest common subsequence of what comes from each pair of lines on.</summary>
    private static int[,] Common(string[] a, string[] b)
    {
        var common = new int[a.Length + 1, b.Length + 1];
        for (var i = a.Length - 1; i >= 0; i--)
        {
            for (var j = b.Length - 1; j >= 0; j--)
            {
                common[i, j] = a[i] == b[j] ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);
            }
        }

        return common;
    }

    private static string[] Lines(string text) => text.Length == 0 ? [] : text.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
}
