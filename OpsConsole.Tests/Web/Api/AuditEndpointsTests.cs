using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using OpsConsole.Core.Audit;
using OpsConsole.Tests.Shared;
using OpsConsole.Web.Api;

namespace OpsConsole.Tests.Web.Api;

/// <summary>Verifying and exporting the audit over HTTP, and verifying what was exported without the console.</summary>
public sealed class AuditEndpointsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_chain_is_verified_and_what_was_removed_is_named()
    {
        await using var api = await StartAsync(5);

        var intact = await VerifyAsync(api);
        Assert.True(intact.GetProperty("intact").GetBoolean());
        Assert.Equal((5, api.Chain.Head().Hash), (intact.GetProperty("lines").GetInt32(), intact.GetProperty("head").GetString()));

        api.Chain.Lines.RemoveAt(2);
        var broken = await VerifyAsync(api);
        Assert.False(broken.GetProperty("intact").GetBoolean());
        Assert.Equal("placesRemoved", broken.GetProperty("faults")[0].GetProperty("kind").GetString());
    }

    [Fact]
    public async Task Without_the_record_nothing_is_said_of_it()
    {
        await using var api = await StartAsync(1);
        api.Chain.Away = true;

        using var answer = await api.Http.GetAsync(new Uri("/api/v1/audit/verify", UriKind.Relative), Token);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
    }

    [Fact]
    public async Task An_export_is_one_line_each_and_can_be_verified_by_itself()
    {
        await using var api = await StartAsync(1_203);

        var text = await api.Http.GetStringAsync(new Uri("/api/v1/audit/export", UriKind.Relative), Token);

        Assert.Equal(1_203, text.Count(c => c == '\n'));
        var report = await AuditExport.VerifyAsync(new StringReader(text), Sample.Noon, Token);
        Assert.True(report.Intact);
        Assert.Equal(api.Chain.Head().Hash, report.Head);

        var lines = text.TrimEnd('\n').Split('\n').ToList();
        lines[700] = lines[700].Replace("anna", "eve", StringComparison.Ordinal);
        lines.RemoveAt(900);
        var faults = (await AuditExport.VerifyAsync(new StringReader(string.Join('\n', lines)), Sample.Noon, Token)).Faults;
        Assert.Equal([AuditFaultKind.Changed, AuditFaultKind.PlacesRemoved], faults.Select(f => f.Kind));
    }

    [Fact]
    public async Task An_export_goes_on_after_a_place()
    {
        await using var api = await StartAsync(5);

        var text = await api.Http.GetStringAsync(new Uri("/api/v1/audit/export?after=3", UriKind.Relative), Token);

        Assert.Equal([4, 5], text.TrimEnd('\n').Split('\n').Select(l => JsonDocument.Parse(l).RootElement.GetProperty("sequence").GetInt32()));
    }

    [Fact]
    public async Task A_file_that_is_no_export_is_refused_with_the_line()
    {
        var refused = await Assert.ThrowsAsync<InvalidDataException>(() => AuditExport.VerifyAsync(new StringReader("{}\n"), Sample.Noon, Token));
        Assert.Contains("Line 1", refused.Message, StringComparison.Ordinal);
    }

    private static async Task<ActionsApi> StartAsync(int lines)
    {
        var api = await ActionsApi.StartAsync();
        for (var i = 0; i < lines; i++)
        {
            api.Chain.Append(Sample.Audit($"release:{i}"));
        }

        return api;
    }

    private static Task<JsonElement> VerifyAsync(ActionsApi api) => api.Http.GetFromJsonAsync<JsonElement>(new Uri("/api/v1/audit/verify", UriKind.Relative), Token);
}
