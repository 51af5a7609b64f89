using OpsConsole.Core.Connections;
using OpsConsole.Core.Signals;

namespace OpsConsole.Web.Catalog;

/// <summary>What a draft still lacks, in the words of its fields: who fills them in has not seen the file yet.</summary>
internal static class DraftLacks
{
    /// <summary>One sentence for each thing; none where the file can be judged.</summary>
    /// <param name="draft">As it is filled in.</param>
    /// <param name="until">The last step that counts.</param>
    /// <param name="target">Settings of the target's kind; empty where it has none.</param>
    /// <param name="source">The source's kind; null for none.</param>
    public static IEnumerable<string> Of(ServiceDraft draft, DraftStep until, IReadOnlyList<ConnectionSetting> target, SourceKind? source)
    {
        (string Text, string Sentence)[] service =
        [
            (draft.Name, "Say what the service is called."),
            (draft.Team, "Say which team answers for it."),
            (string.Concat(draft.EnvironmentNames), "Name one environment at least."),
        ];
        return
        [
            .. Empty(service),
            .. until < DraftStep.Target ? [] : Empty((draft.TargetName, "Say what the target is called.")).Concat(Settings(target, draft.TargetValues, draft.TargetKind)),
            .. until < DraftStep.Source || source is null ? [] : Source(draft, source),
        ];
    }

    private static IEnumerable<string> Source(ServiceDraft draft, SourceKind kind)
    {
        var checks = kind.Name == Core.Sources.HttpCheck.HttpCheckSource.KindName;
        return
        [
            .. Empty((draft.SourceKey, "Say what the source is called.")),
            .. kind is { HasAddress: true, DefaultAddress: null } ? Empty((draft.Address, "Give the source's address.")) : [],
            .. Settings(kind.Settings, draft.SourceValues, kind.Name),
            .. kind.Measures.Count > 0 ? (draft.Measures.Count == 0 ? ["Choose one thing at least that it measures."] : [])
                : checks ? Empty((draft.Signal, "Say what the check is called."))
                : Empty((draft.Signal, "Name the signal."), (draft.Selects, draft.Rule == "query" ? "Give the query." : "Give the selector.")),
        ];
    }

    private static IEnumerable<string> Settings(IReadOnlyList<ConnectionSetting> known, IReadOnlyDictionary<string, string> values, string kind) =>
        known.Where(s => s is { IsRequired: true, Default: null } && values.GetValueOrDefault(s.Name, "").Trim().Length == 0).Select(s => s.Name).ToList() is { Count: > 0 } names
            ? [$"{kind} needs {string.Join(", ", names)}."]
            : [];

    private static IEnumerable<string> Empty(params (string Text, string Sentence)[] fields) => fields.Where(f => f.Text.Trim().Length == 0).Select(f => f.Sentence);
}
