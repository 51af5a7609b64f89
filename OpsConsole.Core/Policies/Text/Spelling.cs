namespace OpsConsole.Core.Policies.Text;

/// <summary>Finds what a misspelt word was meant to be.</summary>
public static class Spelling
{
    /// <summary>Longer words are not compared: nobody misspells them by a letter.</summary>
    private const int Longest = 64;

    /// <summary>"Did you mean 'x'?" with the nearest of the words, or null when none is near.</summary>
    public static string? Suggest(string word, IEnumerable<string> words) => Nearest(word, words) is { } near ? $"Did you mean '{near}'?" : null;

    /// <summary>The nearest of the words: at most about a third of its letters differ. Null when none is.</summary>
    public static string? Nearest(string word, IEnumerable<string> words)
    {
        ArgumentNullException.ThrowIfNull(word);
        ArgumentNullException.ThrowIfNull(words);
        if (word.Length is 0 or > Longest)
        {
            return null;
        }

        var plain = Plain(word);
        return words
            .Where(w => w != word)
            .Select(w => (Word: w, Distance: Distance(plain, Plain(w))))
            .Where(w => w.Distance <= Math.Max(1, (Math.Min(plain.Length, w.Word.Length) + 1) / 3))
            .OrderBy(w => w.Distance)
            .ThenBy(w => w.Word, StringComparer.Ordinal)
            .Select(w => w.Word)
            .FirstOrDefault();
    }

    private static string Plain(string word) => word.ToLowerInvariant().Replace('-', '_').Replace(' ', '_');

    /// <summary>Letters to add, take away, change or swap with their neighbour.</summary>
    private static int Distance(string a, string b)
    {
        var (before, last, row) = (new int[b.Length + 1], new int[b.Length + 1], new int[b.Length + 1]);
        for (var j = 0; j <= b.Length; j++)
        {
            last[j] = j;
        }

        for (var i = 1; i <= a.Length; i++)
        {
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = a[i - 1] == b[j - 1] ? 0 : 1;
                row[j] = Math.Min(Math.Min(row[j - 1] + 1, last[j] + 1), last[j - 1] + cost);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    row[j] = Math.Min(row[j], before[j - 2] + 1);
                }
            }

            (before, last, row) = (last, row, before);
        }

        return last[b.Length];
    }
}
