using System.Net.Http.Json;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using OpsConsole.Tests.Shared;
using OpsConsole.Web.Api;

namespace OpsConsole.Tests.Web.Operations.Edge;

/// <summary>Files for spreadsheets: what others wrote stays text.</summary>
public sealed class CsvTests(PostgresFixture postgres)
{
    [Theory]
    [InlineData("=1+1", "\"'=1+1\"")]
    [InlineData("  @SUM(A1)", "\"'  @SUM(A1)\"")]
    [InlineData("+49 30", "\"'+49 30\"")]
    [InlineData("-2", "\"'-2\"")]
    [InlineData("\t=1", "\"' =1\"")]
    [InlineData("＝1", "\"'＝1\"")]
    [InlineData("a \"quoted\", and\r\nmore", "\"a \"\"quoted\"\", and  more\"")]
    [InlineData("shop", "\"shop\"")]
    public void A_cell_is_text(string text, string cell) => Assert.Equal(cell + "\r\n", CsvText.Line(text));

    [Fact]
    public void No_text_begins_a_formula_or_leaves_its_cell() =>
        Prop.ForAll<string?>(text =>
        {
            var line = CsvText.Line(text, "end");
            var inside = line[1..line.LastIndexOf(",\"end\"", StringComparison.Ordinal)][..^1];
            return line.EndsWith(",\"end\"\r\n", StringComparison.Ordinal)
                && !inside.Replace("\"\"", "", StringComparison.Ordinal).Contains('"', StringComparison.Ordinal)
                && !inside.Any(char.IsControl)
                && !"=+-@|%".Contains(inside.TrimStart(' ').FirstOrDefault('x'), StringComparison.Ordinal);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(5000));

    [Fact]
    public async Task The_audit_and_the_history_come_as_files_with_their_filters()
    {
        await using var console = await EdgeConsole.StartAsync(postgres);
        using var http = console.Http();
        using var made = await http.PostAsJsonAsync(new Uri("/api/v1/switches", UriKind.Relative), new { key = "cart-offers", owner = "team", turnsOff = "=cmd|'/c calc'!A1" }, TestContext.Current.CancellationToken);
        Assert.True(made.IsSuccessStatusCode, await made.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        using var killed = await http.PostAsJsonAsync(new Uri("/api/v1/switches/cart-offers/kill", UriKind.Relative), new { reason = "=HYPERLINK(\"http://evil.example\")" }, TestContext.Current.CancellationToken);
        Assert.True(killed.IsSuccessStatusCode, await killed.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));

        // A kill is two lines: that it was asked for, and what came of it.
        await Eventually.TrueAsync(async () =>
            (await http.GetFromJsonAsync<JsonElement>(new Uri("/api/v1/audit?event=kill&outcome=confirmed", UriKind.Relative), TestContext.Current.CancellationToken)).GetProperty("items").GetArrayLength() == 1);
        using var answer = await http.GetAsync(new Uri("/api/v1/audit/csv?event=kill", UriKind.Relative), TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Equal(("text/csv", "attachment"), (answer.Content.Headers.ContentType?.MediaType, answer.Content.Headers.ContentDisposition?.DispositionType));
        Assert.Contains("\"'=HYPERLINK(\"\"http://evil.example\"\")\"", text, StringComparison.Ordinal);
        Assert.All(text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Skip(1), line => Assert.Contains("\"kill\"", line, StringComparison.Ordinal));

        var page = await http.GetFromJsonAsync<JsonElement>(new Uri("/api/v1/audit?event=kill", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(page.GetProperty("items").GetArrayLength(), text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length - 1);
        Assert.StartsWith("\"id\",\"service\"", await http.GetStringAsync(new Uri("/api/v1/releases/csv", UriKind.Relative), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }
}
