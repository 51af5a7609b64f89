using System.Text;
using OpsConsole.Core.Gates.Evidence;
using static OpsConsole.Tests.Core.Gates.Evidence.Documents;

namespace OpsConsole.Tests.Core.Gates.Evidence;

/// <summary>Documents that are made to hurt whoever reads them.</summary>
public sealed class HostileDocumentTests
{
    private const string Laughs = """
        <!DOCTYPE coverage [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>
        """;

    [Theory]
    [InlineData(EvidenceKind.Junit, Laughs + """<testsuite name="&c;"/>""")]
    [InlineData(EvidenceKind.Coverage, Laughs + """<coverage line-rate="1">&c;</coverage>""")]
    [InlineData(EvidenceKind.Junit, """<!DOCTYPE testsuite SYSTEM "http://127.0.0.1:9/a.dtd"><testsuite/>""")]
    [InlineData(EvidenceKind.Junit, """<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><testsuite><testcase name="a"><failure>&x;</failure></testcase></testsuite>""")]
    [InlineData(EvidenceKind.Coverage, """<!DOCTYPE coverage [<!ENTITY x SYSTEM "file:///etc/passwd">]><coverage line-rate="1">&x;</coverage>""")]
    [InlineData(EvidenceKind.Coverage, """<!-- <!DOCTYPE coverage SYSTEM "a"> --><!DOCTYPE coverage [<!ENTITY x "1">]><coverage line-rate="1">&x;</coverage>""")]
    public void Document_types_and_entities_are_not_read(EvidenceKind kind, string xml) =>
        Assert.Contains("document type or entities", Refuses(kind, xml, kind == EvidenceKind.Junit ? PipelineStage.Unit : null).Message, StringComparison.Ordinal);

    [Fact]
    public void Deep_xml_is_refused()
    {
        var deep = string.Concat(Enumerable.Repeat("<testsuite>", 100_000));

        Assert.Contains("nested deeper", Refuses(EvidenceKind.Junit, deep, PipelineStage.Unit).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_huge_attribute_is_refused() =>
        Assert.Contains("attribute is longer", Refuses(EvidenceKind.Junit, $"""<testsuite name="{new string('a', 1_000_000)}"/>""", PipelineStage.Unit).Message, StringComparison.Ordinal);

    [Fact]
    public void Very_many_attributes_are_refused() =>
        Assert.Contains("attributes", Refuses(EvidenceKind.Junit, $"<testsuite {string.Concat(Enumerable.Range(0, 500).Select(i => $"a{i}='' "))}/>", PipelineStage.Unit).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("<?xml version='1.0' encoding='utf-16'?><testsuite/>")]
    [InlineData("<?xml version='1.0' encoding='klingon'?><testsuite/>")]
    public void Xml_in_another_encoding_than_it_says_is_refused(string xml) =>
        Assert.Contains("encoding", Refuses(EvidenceKind.Junit, xml, PipelineStage.Unit).Message, StringComparison.Ordinal);

    [Fact]
    public void Bytes_that_are_no_text_are_refused()
    {
        byte[] broken = [.. "<testsuite name='"u8, 0xFF, 0xC0, .. "'/>"u8];

        Assert.Contains("encoding", Refuses(EvidenceKind.Junit, broken, PipelineStage.Unit).Message, StringComparison.Ordinal);
        Assert.Contains("UTF-8", Refuses(EvidenceKind.Sarif, [.. "{\"version\":\""u8, 0xFF, .. "\"}"u8]).Message, StringComparison.Ordinal);
        Assert.Contains("UTF-16", Refuses(EvidenceKind.Sarif, [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes("{}")]).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"version":"2.1.0","version":"2.1.0","runs":[]}""", "twice")]
    [InlineData("""{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"a"}},"results":[],"results":[]}]}""", "twice")]
    [InlineData("[]", "JSON object")]
    [InlineData("{ \"version\": ", "malformed")]
    [InlineData("{} {}", "malformed")]
    [InlineData("""{"version":"\ud800","runs":[]}""", "half a character")]
    public void Json_is_taken_strictly(string json, string reason) =>
        Assert.Contains(reason, Refuses(EvidenceKind.Sarif, json).Message, StringComparison.Ordinal);

    [Fact]
    public void Deep_json_is_refused()
    {
        var deep = $$"""{"version":"2.1.0","runs":{{new string('[', 100_000)}}{{new string(']', 100_000)}}}""";

        Assert.Contains("nested deeper", Refuses(EvidenceKind.Sarif, deep).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Malformed_json_is_refused_with_its_place()
    {
        var refused = Refuses(EvidenceKind.Terraform, "{\n  \"format_version\": oops\n}");

        Assert.Equal((2, 21), (refused.Line, refused.Column));
    }

    [Theory]
    [InlineData(EvidenceKind.Junit)]
    [InlineData(EvidenceKind.Sarif)]
    [InlineData(EvidenceKind.Signature)]
    public void An_empty_document_is_refused(EvidenceKind kind) =>
        Assert.Contains("empty", Refuses(kind, [], kind == EvidenceKind.Junit ? PipelineStage.Unit : null).Message, StringComparison.Ordinal);

    [Fact]
    public void A_document_beyond_its_limit_is_refused_before_it_is_looked_into() =>
        Assert.Contains("more than", Refuses(EvidenceKind.Result, new byte[EvidenceReader.MaxBytes(EvidenceKind.Result) + 1], PipelineStage.Unit).Message, StringComparison.Ordinal);

    [Fact]
    public void Names_keep_nothing_that_cannot_be_seen()
    {
        var read = Junit("<testsuite name='s'><testcase name='a&#x200B;b&#10;c'><failure message='&#x202E;x'/></testcase></testsuite>");

        var item = Assert.Single(read.Items);
        Assert.Equal(("ab c", "x"), (item.Name, item.Detail));
    }
}
