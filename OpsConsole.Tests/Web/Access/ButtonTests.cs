using System.Reflection;
using System.Text.RegularExpressions;
using OpsConsole.Core.Access;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Gates;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Web.Access;

/// <summary>What a button does goes through something that asks who pressed it.</summary>
public sealed partial class ButtonTests
{
    [Fact]
    public void No_page_writes_into_a_store()
    {
        var files = Repository.Files("OpsConsole.Web", ".razor", ".cs").Where(f => f.Contains("/Components/", StringComparison.Ordinal)).ToList();

        Assert.Empty(files.SelectMany(f => Writes(File.ReadAllText(f)).Select(w => $"{Path.GetFileName(f)}: {w}")));
        Assert.Equal(["Waivers.AddAsync"], Writes("@inject IWaiverStore Waivers\n@code { await Waivers.AddAsync(waiver); await Waivers.FindAsync(id); }"));
    }

    [Fact]
    public void Everything_that_answers_a_wish_asks_who_wishes()
    {
        var answering = typeof(Operator).Assembly.GetTypes().SelectMany(t => t.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly))
            .Where(m => m.ReturnType.IsGenericType && m.ReturnType.GetGenericTypeDefinition() == typeof(Task<>) && IsAnswer(m.ReturnType.GetGenericArguments()[0])).ToList();

        Assert.InRange(answering.Count, 15, int.MaxValue);
        Assert.All(answering, m => Assert.Contains(m.GetParameters(), p => p.ParameterType == typeof(Operator)));
    }

    private static bool IsAnswer(Type type) => type == typeof(GateAnswer) || (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(RecordAnswer<>));

    private static IEnumerable<string> Writes(string text) => Stores().Matches(text)
        .Select(store => store.Groups[1].Value)
        .SelectMany(name => Regex.Matches(text, $@"\b{name}\.((?:Add|Save|Append|Revoke|Set|Write|Delete|Remove|Forget|Note|Trim|Keep|Put)\w*)\(").Select(call => $"{name}.{call.Groups[1].Value}"));

    [GeneratedRegex(@"\bI[A-Z]\w*(?:Store|Journal)\s+(\w+)")]
    private static partial Regex Stores();
}
