using OpsConsole.Core.Audit;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Core.Audit;

/// <summary>The chain over the audit, and what is found when it was tampered with.</summary>
public sealed class AuditVerificationTests
{
    private readonly List<ChainedLine> _chain = [];

    public AuditVerificationTests()
    {
        for (var i = 0; i < 10; i++)
        {
            Append(Sample.Audit($"release:{i}", "anna", "promote", "confirmed", Sample.Noon.AddSeconds(i)));
        }
    }

    [Fact]
    public void A_chain_as_it_was_written_is_intact()
    {
        var report = Verify(notes: [NoteOf(4), NoteOf(10)]);

        Assert.True(report.Intact);
        Assert.Equal((10L, _chain[^1].Link.Hash, 2), (report.Lines, report.Head, report.Notes));
    }

    [Fact]
    public void An_empty_one_is_intact()
    {
        _chain.Clear();
        Assert.True(Verify().Intact);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(10)]
    public void A_changed_line_is_found_wherever_it_is(int place)
    {
        var (link, line) = _chain[place - 1];
        _chain[place - 1] = new ChainedLine(link, Changed(line!, outcome: "refused"));

        var fault = Assert.Single(Verify().Faults);
        Assert.Equal((AuditFaultKind.Changed, (long?)place), (fault.Kind, fault.Sequence));
    }

    [Fact]
    public void A_line_that_was_changed_with_its_own_hash_is_found_by_the_next()
    {
        var (link, line) = _chain[4];
        var changed = Changed(line!, outcome: "refused");
        _chain[4] = new ChainedLine(new AuditLink { Sequence = 5, LineKey = link.LineKey, Hash = AuditChain.Next(_chain[3].Link.Hash, 5, link.LineKey, changed) }, changed);

        Assert.Equal(6, Assert.Single(Verify().Faults).Sequence);
    }

    [Fact]
    public void The_last_line_changed_with_its_own_hash_does_not_fit_the_end()
    {
        var head = Head();
        var (link, line) = _chain[9];
        var changed = Changed(line!, outcome: "refused");
        _chain[9] = new ChainedLine(new AuditLink { Sequence = 10, LineKey = link.LineKey, Hash = AuditChain.Next(_chain[8].Link.Hash, 10, link.LineKey, changed) }, changed);

        Assert.Equal(AuditFaultKind.EndRemoved, Assert.Single(Verify(head).Faults).Kind);
    }

    [Fact]
    public void Every_part_of_a_line_is_covered()
    {
        var line = _chain[0].Line!;
        var key = _chain[0].Link.LineKey;
        var hash = AuditChain.Next(AuditChain.Genesis, 1, key, line);
        string[] others =
        [
            AuditChain.Next(_chain[3].Link.Hash, 1, key, line),
            AuditChain.Next(AuditChain.Genesis, 2, key, line),
            AuditChain.Next(AuditChain.Genesis, 1, Guid.CreateVersion7(), line),
            .. ((AuditEntry[])
            [
                Changed(line, at: line.At.AddMicroseconds(1)), Changed(line, actor: "ben"), Changed(line, role: "Admin"), Changed(line, what: "halt"), Changed(line, subject: "x"),
                Changed(line, title: "x"), Changed(line, outcome: "x"), Changed(line, reason: "x"), Changed(line, detail: "x"), Changed(line, seal: "x"), Changed(line, action: Guid.CreateVersion7()),

                // What moves from one field into the next is another line.
                Changed(line, actor: line.Actor + line.Role, role: ""), Changed(line, reason: ""),
            ]).Select(l => AuditChain.Next(AuditChain.Genesis, 1, key, l)),
        ];

        Assert.Equal(hash, AuditChain.Next(AuditChain.Genesis, 1, key, Changed(line)));
        Assert.Equal(others.Length + 1, others.Append(hash).Distinct().Count());
    }

    [Fact]
    public void A_time_finer_than_is_kept_makes_the_same_hash()
    {
        var line = _chain[0].Line!;
        Assert.Equal(AuditChain.Next(AuditChain.Genesis, 1, Guid.Empty, line), AuditChain.Next(AuditChain.Genesis, 1, Guid.Empty, Changed(line, at: line.At.AddTicks(9))));
    }

    [Fact]
    public void A_removed_line_is_found_with_its_place_or_without()
    {
        _chain[4] = new ChainedLine(_chain[4].Link, null);
        _chain.RemoveAt(7);

        Assert.Equal([AuditFaultKind.LineRemoved, AuditFaultKind.PlacesRemoved], Verify(Head()).Faults.Select(f => f.Kind));
    }

    [Fact]
    public void Lines_that_changed_places_are_found()
    {
        (_chain[3], _chain[4]) = (new ChainedLine(_chain[3].Link, _chain[4].Line), new ChainedLine(_chain[4].Link, _chain[3].Line));

        Assert.Equal([4, 5], Verify().Faults.Select(f => f.Sequence!.Value));
    }

    [Fact]
    public void A_removed_end_is_found_by_the_head_and_where_that_was_set_back_by_a_note()
    {
        var head = Head();
        var note = NoteOf(10);
        _chain.RemoveRange(7, 3);

        Assert.Equal("Places 8 to 10 were removed from the end of the chain.", Assert.Single(Verify(head).Faults).Sentence);
        Assert.True(Verify().Intact);
        Assert.Equal(AuditFaultKind.EndRemoved, Assert.Single(Verify(notes: [note]).Faults).Kind);
    }

    [Fact]
    public void A_chain_that_was_written_anew_differs_from_its_notes()
    {
        var notes = (AuditNote[])[NoteOf(2), NoteOf(8)];
        var lines = _chain.ConvertAll(c => c.Line!);
        _chain.Clear();
        lines[4] = Changed(lines[4], outcome: "refused");
        lines.ForEach(Append);

        Assert.NotEmpty(Verify(notes: notes).Faults);
        Assert.All(Verify(notes: notes).Faults, f => Assert.Equal(AuditFaultKind.NoteDiffers, f.Kind));
    }

    [Fact]
    public void Lines_beside_the_chain_are_named()
    {
        Assert.Equal(AuditFaultKind.NotChained, Assert.Single(Verify(unlinked: [17]).Faults).Kind);
    }

    [Fact]
    public void What_was_written_while_it_ran_is_left_for_the_next_time()
    {
        var head = Head();
        Append(Sample.Audit());

        var report = Verify(head);

        Assert.True(report.Intact);
        Assert.Equal(10, report.Lines);
    }

    [Fact]
    public void A_later_line_does_not_hide_a_removed_end()
    {
        var head = Head();
        Append(Sample.Audit());
        _chain.RemoveRange(8, 2);

        Assert.Equal(AuditFaultKind.EndRemoved, Assert.Single(Verify(head).Faults).Kind);
    }

    [Fact]
    public void Only_so_many_faults_are_named()
    {
        for (var i = 0; i < 300; i++)
        {
            Append(Sample.Audit());
        }

        for (var i = 0; i < _chain.Count; i++)
        {
            _chain[i] = new ChainedLine(_chain[i].Link, null);
        }

        Assert.Equal(AuditVerification.MostFaults, Verify().Faults.Count);
    }

    private void Append(AuditEntry line)
    {
        var key = Guid.CreateVersion7();
        var (sequence, before) = _chain is [.., var last] ? (last.Link.Sequence + 1, last.Link.Hash) : (1, AuditChain.Genesis);
        _chain.Add(new ChainedLine(new AuditLink { Sequence = sequence, LineKey = key, Hash = AuditChain.Next(before, sequence, key, line) }, line));
    }

    private AuditHead Head() => _chain is [.., var last] ? new AuditHead { Sequence = last.Link.Sequence, Hash = last.Link.Hash } : new AuditHead();

    private AuditNote NoteOf(int place) => new(place, _chain[place - 1].Link.Hash, Sample.Noon);

    private AuditReport Verify(AuditHead? head = null, AuditNote[]? notes = null, long[]? unlinked = null)
    {
        var verification = new AuditVerification(head ?? Head(), notes ?? []);
        _chain.ForEach(verification.Take);
        return verification.End(unlinked ?? [], Sample.Noon);
    }

    private static AuditEntry Changed(
        AuditEntry line, DateTimeOffset? at = null, string? actor = null, string? role = null, string? what = null, string? subject = null, string? title = null,
        string? outcome = null, string? reason = null, string? detail = null, string? seal = null, Guid? action = null) => new()
        {
            At = at ?? line.At, Actor = actor ?? line.Actor, Role = role ?? line.Role, Event = what ?? line.Event, Subject = subject ?? line.Subject,
            SubjectTitle = title ?? line.SubjectTitle, Outcome = outcome ?? line.Outcome, Reason = reason ?? line.Reason, Detail = detail ?? line.Detail,
            EvidenceSeal = seal ?? line.EvidenceSeal, ActionId = action ?? line.ActionId,
        };
}
