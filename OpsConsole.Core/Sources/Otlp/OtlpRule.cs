using System.Globalization;
using System.Text.RegularExpressions;
using OpsConsole.Core.Signals;
using OpsConsole.Core.Sources.PrometheusText;
using OpsConsole.Core.Sources.PrometheusText.Rules;

namespace OpsConsole.Core.Sources.Otlp;

/// <summary>One signal, computed as it is out of metrics that are read; an increase is taken from export to export, and is of the time that the newest says.</summary>
internal sealed class OtlpRule
{
    /// <summary>Longest time between two exports over which an increase is still an answer about now, unless the rule's window is longer.</summary>
    private static readonly TimeSpan LongestGap = TimeSpan.FromMinutes(3);

    /// <summary>Silence after which there is no value any more.</summary>
    private static readonly TimeSpan LongestSilence = TimeSpan.FromMinutes(5);

    private readonly SignalRule _rule;
    private readonly SeriesSelector[] _selectors;
    private readonly string[] _names;
    private IRuleReading _reading;
    private long? _newest;
    private SignalReading _last;

    public OtlpRule(SignalRule rule)
    {
        // What it comes to is scaled with all others, at the end.
        _rule = rule with { Scale = 1 };
        var numerator = SeriesSelector.Parse(rule.Numerator);
        _selectors = rule.Kind switch
        {
            SignalRuleKind.Quantile => [numerator.WithName(numerator.Name + "_bucket")],
            SignalRuleKind.Ratio => [numerator, SeriesSelector.Parse(rule.Denominator!)],
            _ => [numerator],
        };
        _names = [.. _selectors.Select(static s => s.Name).Append(numerator.Name).Distinct(StringComparer.Ordinal)];
        _reading = RuleReadings.Create(_rule);
    }

    public SignalReading Read(OtlpView view, DateTimeOffset now)
    {
        try
        {
            return Refused(view) is { } refused ? SignalReading.Error(refused) : Evaluate(view.Exposition, now);
        }
        catch (RegexMatchTimeoutException)
        {
            // What was half read is not compared with.
            (_reading, _newest) = (RuleReadings.Create(_rule), null);
            return SignalReading.Error(Sentences.Timeout);
        }
    }

    private SignalReading Evaluate(Exposition exposition, DateTimeOffset now)
    {
        var (series, points, newest) = Find(exposition);
        if (newest is { } silent && now - At(silent) > LongestSilence)
        {
            return SignalReading.Missing(string.Create(CultureInfo.InvariantCulture, $"Nothing new has come in since {At(silent):yyyy-MM-dd HH:mm:ss} UTC."), series, 0);
        }

        if (newest is not null && newest <= _newest)
        {
            return _last;
        }

        if (newest - _newest > Math.Max(_rule.Window.TotalMilliseconds, LongestGap.TotalMilliseconds))
        {
            _reading = RuleReadings.Create(_rule);
        }

        _newest = newest ?? _newest;
        var outcome = _reading.Read(exposition, TimeSpan.FromMilliseconds(_newest ?? 0));
        _last = new(outcome.Kind, outcome.Value, outcome.Count, newest is { } at && outcome.Kind == SampleKind.Measured ? At(at) : null, outcome.Detail, series, points);
        return _last;
    }

    private string? Refused(OtlpView view)
    {
        foreach (var name in view.Refused.Count == 0 ? [] : _names)
        {
            if (view.Refused.TryGetValue(view.Exposition.Declaration(name)?.Name ?? name, out var sentence))
            {
                return sentence;
            }
        }

        return null;
    }

    /// <summary>How many series the rule chooses, how many of them say something new, and the time of the newest.</summary>
    private (int Series, int Points, long? Newest) Find(Exposition exposition)
    {
        var (series, points, newest) = (0, 0, (long?)null);
        foreach (var selector in _selectors)
        {
            foreach (ref readonly var one in exposition.Named(selector.Name))
            {
                if (selector.Matches(one.Id))
                {
                    series++;
                    points += one.TimestampMilliseconds > (_newest ?? 0) ? 1 : 0;
                    newest = Math.Max(newest ?? 0, one.TimestampMilliseconds ?? 0);
                }
            }
        }

        return (series, points, newest);
    }

    private static DateTimeOffset At(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
}
