using System.Text;
using OpsConsole.Core.Policies.Text;

namespace OpsConsole.Tests.Core.Policies.Text;

/// <summary>Texts made to hurt are given up early, with one sentence.</summary>
public sealed class PolicyBombTests
{
    public static TheoryData<string, string> Bombs => new()
    {
        { "10 MB", "release:\n" + new string('#', 10 * 1024 * 1024) },
        { "just too long in bytes", "# " + new string('ä', PolicyTree.MaxBytes / 2) },
        { "deep flow", string.Concat(Enumerable.Repeat("[", 100_000)) },
        { "deep flow maps", string.Concat(Enumerable.Repeat("{a: ", 60_000)) },
        { "deep blocks", string.Concat(Enumerable.Range(0, 600).Select(i => new string(' ', i) + "a:\n")) },
        { "deep sequences", string.Concat(Enumerable.Repeat("- ", 100_000)) },
        { "deep keys", string.Concat(Enumerable.Repeat("? ", 100_000)) },
        { "many values", "release:\n  rollback_triggers:\n" + string.Concat(Enumerable.Repeat("    - a\n", 6_000)) },
        { "laughter", "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [*c, *c]\n" },
        { "itself", "a: &a\n  b: *a\n" },
        { "tags", "a: !!python/object:os.system x\n" },
        { "directives", "%TAG ! tag:x,2000:\n---\na: !y b\n" },
        { "many documents", string.Concat(Enumerable.Repeat("--- {}\n", 1_000)) },
        { "bytes", "\u0001\u0002\u0003" },
        { "a long line", "release:\n  artifact: " + new string('x', 200_000) },
        { "quotes without end", "release:\n  artifact: \"" + new string('x', 200_000) },
        { "braces", "}}}}" },
        { "colons", string.Concat(Enumerable.Repeat(":\n", 2_000)) },
    };

    [Theory]
    [MemberData(nameof(Bombs))]
    public void It_is_refused_in_words(string name, string text)
    {
        Assert.NotEmpty(name);

        var result = PolicyText.Check(text, null);

        Assert.Null(result.Policy);
        Assert.NotEmpty(result.Errors);
        Assert.All(result.Errors, e => Assert.InRange(e.Message.Length, 10, 400));
        Assert.InRange(result.Errors.Count, 1, 100);
    }

    [Fact]
    public void Half_a_character_is_refused_at_its_place() =>
        Assert.Equal((2, 13), Assert.Single(PolicyText.Check("release:\n  artifact: " + (char)0xD800 + "\n", null).Errors) is var e ? (e.Line, e.Column) : default);

    [Fact]
    public void Any_change_of_a_letter_is_answered_and_never_thrown()
    {
        var random = new Random(20260301);
        var source = PolicyExamples.Everything;
        const string Letters = "{}[]:,-#&*!|>'\"%@`\t\n 0a~?<=\u00e9\u2028";
        for (var i = 0; i < 3_000; i++)
        {
            var text = new StringBuilder(source);
            for (var n = random.Next(1, 6); n > 0; n--)
            {
                text[random.Next(text.Length)] = Letters[random.Next(Letters.Length)];
            }

            var result = PolicyText.Check(text.ToString(), null);

            Assert.Equal(result.Errors.Count == 0, result.Policy is not null);
            Assert.All(result.Errors, e => Assert.True(e.Line >= 1 && e.Column >= 1));
        }
    }
}
