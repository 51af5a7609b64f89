using OpsConsole.Core.Audit;
using OpsConsole.Core.Storage.Mappings;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Core.Audit;

/// <summary>The chain over the audit, and what is found when it was tampered with.</summary>
public sealed class AuditVerificationTests
{
    private readonly InMemoryChain _world = new();

    private List<ChainedLine> Chain => _world.Lines;

    public AuditVerificationTests()
    {
        for (var i = 0; i < 10; i++)
        {
            Append(Sample.Audit($"release:{i}", "anna", "promote", "confirmed", Sample.Noon.AddSeconds(i)));
        }
    }

    [Fact]
    public void AChain_as_it_was_written_is_intact()
    {
        var report = Verify(notes: [NoteOf(4), NoteOf(10)]);

        Assert.True(report.Intact);
        Assert.Equal((10L, Chain[^1].Link.Hash, 2), (report.Lines, report.Head, report.Notes));
        Assert.Null(report.Warning);
    }

    [Fact]
    public void That_there_was_nothing_outside_to_compare_with_is_told()
    {
        var report = Verify();

        Assert.True(report.Intact);
        Assert.Contains("no notes beside the chain", report.Warning, StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_one_is_intact()
    {
        Chain.Clear();
        Assert.True(Verify().Intact);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(10)]
    public void A_changed_line_is_found_wherever_it_is(int place)
    {
        var (link, line) = Chain[place - 1];
        Chain[place - 1] = new ChainedLine(link, Changed(line!, outcome: "refused"));

        var fault = Assert.Single(Verify().Faults);
        Assert.Equal((AuditFaultKind.Changed, (long?)place), (fault.Kind, fault.Sequence));
    }

    [Fact]
    public void What_is_no_hash_is_found_and_ends_nothing()
    {
        Chain[4] = new ChainedLine(new AuditLink { Sequence = 5, LineKey = Chain[4].Link.LineKey, Hash = new string('z', 64) }, Chain[4].Line);

        var report = Verify();

        Assert.All(report.Faults, fault => Assert.Equal((AuditFaultKind.Changed, (long?)5), (fault.Kind, fault.Sequence)));
        Assert.False(report.Intact);
    }

    [Fact]
    public void A_line_that_was_changed_with_its_own_hash_is_found_by_the_next()
    {
        var (link, line) = Chain[4];
        var changed = Changed(line!, outcome: "refused");
        Chain[4] = new ChainedLine(new AuditLink { Sequence = 5, LineKey = link.LineKey, Hash = AuditChain.Next(Chain[3].Link.Hash, 5, link.LineKey, changed) }, changed);

        Assert.Equal(6, Assert.Single(Verify().Faults).Sequence);
    }

    [Fact]
    public void The_last_line_changed_with_its_own_hash_does_not_fit_the_end()
    {
        var head = Head();
        var (link, line) = Chain[9];
        var changed = Changed(line!, outcome: "refused");
        Chain[9] = new ChainedLine(new AuditLink { Sequence = 10, LineKey = link.LineKey, Hash = AuditChain.Next(Chain[8].Link.Hash, 10, link.LineKey, changed) }, changed);

        Assert.Equal(AuditFaultKind.EndRemoved, Assert.Single(Verify(head).Faults).Kind);
    }

    [Fact]
    public void Every_part_of_a_line_is_covered()
    {
        var line = Chain[0].Line!;
        var key = Chain[0].Link.LineKey;
        var hash = AuditChain.Next(AuditChain.Genesis, 1, key, line);
        string[] others =
        [
            AuditChain.Next(Chain[3].Link.Hash, 1, key, line),
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
        var line = Changed(Chain[0].Line!, at: InstantConverter.ToMicroseconds(Sample.Noon));
        Assert.Equal(AuditChain.Next(AuditChain.Genesis, 1, Guid.Empty, line), AuditChain.Next(AuditChain.Genesis, 1, Guid.Empty, Changed(line, at: line.At.AddTicks(9))));
    }

    [Fact]
    public void A_removed_line_is_found_with_its_place_or_without()
    {
        Chain[4] = new ChainedLine(Chain[4].Link, null);
        Chain.RemoveAt(7);

        Assert.Equal([AuditFaultKind.LineRemoved, AuditFaultKind.PlacesRemoved], Verify(Head()).Faults.Select(f => f.Kind));
    }

    [Fact]
    public void Lines_that_changed_places_are_found()
    {
        (Chain[3], Chain[4]) = (new ChainedLine(Chain[3].Link, Chain[4].Line), new ChainedLine(Chain[4].Link, Chain[3].Line));

        Assert.Equal([4, 5], Verify().Faults.Select(f => f.Sequence!.Value));
    }

    [Fact]
    public void A_removed_end_is_found_by_the_head_and_where_that_was_set_back_by_a_note()
    {
        var head = Head();
        var note = NoteOf(10);
        Chain.RemoveRange(7, 3);

        Assert.Equal("Places 8 to 10 were removed from the end of the chain.", Assert.Single(Verify(head).Faults).Sentence);
        Assert.True(Verify().Intact);
        Assert.Equal(AuditFaultKind.EndRemoved, Assert.Single(Verify(notes: [note]).Faults).Kind);
    }

    [Fact]
    public void AChain_that_was_written_anew_differs_from_its_notes()
    {
        var notes = (AuditNote[])[NoteOf(2), NoteOf(8)];
        var lines = Chain.ConvertAll(c => c.Line!);
        Chain.Clear();
        lines[4] = Changed(lines[4], outcome: "refused");
        lines.ForEach(Append);

        Assert.NotEmpty(Verify(notes: notes).Faults);
        Assert.All(Verify(notes: notes).Faults, f => Assert.Equal(AuditFaultKind.NoteDiffers, f.Kind));
    }

    [Fact]
    public void Lines_beside_theChain_are_named()
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
        Chain.RemoveRange(8, 2);

        Assert.Equal(AuditFaultKind.EndRemoved, Assert.Single(Verify(head).Faults).Kind);
    }

    [Fact]
    public void A_line_of_retention_that_says_it_is_of_a_later_time_bears_out_nothing_and_is_a_fault()
    {
        var (head, notes) = Forged(Sample.Noon.AddYears(74));

        var faults = Verify(head, notes).Faults;

        Assert.Equal([(AuditFaultKind.LineRemoved, 7L), (AuditFaultKind.Changed, 11L)], faults.Select(f => (f.Kind, f.Sequence!.Value)));
        Assert.Contains("which has not come yet", faults[1].Sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(200)]
    public void Nor_does_one_whose_time_has_come_meanwhile_while_the_next_line_shows_when_it_was_written(int daysLater)
    {
        var (_, notes) = Forged(Sample.Noon.AddDays(91));
        Append(Sample.Audit(at: Sample.Noon.AddMinutes(1)));

        Assert.Contains((AuditFaultKind.LineRemoved, (long?)7), Verify(Head(), notes, at: Sample.Noon.AddDays(daysLater)).Faults.Select(f => (f.Kind, f.Sequence)));
    }

    [Fact]
    public void What_a_line_says_of_its_time_ends_no_verification()
    {
        Append(GivenUpLine.Of(2, Sample.Noon, DateTimeOffset.MinValue));
        Append(Sample.Audit(at: DateTimeOffset.MaxValue.AddDays(-0.5)));

        Assert.True(Verify(notes: [NoteOf(10)]).Intact);
    }

    [Fact]
    public void A_line_of_retention_whose_notes_bear_it_out_is_believed_also_where_a_clock_was_behind()
    {
        var given = Sample.Noon.AddDays(1);
        var notes = (AuditNote[])[NoteOf(1), new(5, Chain[4].Link.Hash, given - AuditRetentionTime.Least), NoteOf(10)];
        Append(GivenUpLine.Of(5, Sample.Noon, given));
        Append(Sample.Audit(at: given.AddHours(-3)));
        var head = Head();
        for (var i = 0; i < 5; i++)
        {
            Chain[i] = new ChainedLine(Chain[i].Link, null);
        }

        var report = Verify(head, notes, at: given.AddDays(1));

        Assert.Empty(report.Faults);
        Assert.Equal(5, report.GivenUp);
    }

    [Fact]
    public void Only_so_many_faults_are_named()
    {
        for (var i = 0; i < 300; i++)
        {
            Append(Sample.Audit());
        }

        for (var i = 0; i < Chain.Count; i++)
        {
            Chain[i] = new ChainedLine(Chain[i].Link, null);
        }

        Assert.Equal(AuditVerification.MostFaults, Verify().Faults.Count);
    }

    private void Append(AuditEntry line) => _world.Append(line);

    private AuditHead Head() => _world.Head();

    /// <summary>A line of today that was removed, with another that says it was given up.</summary>
    private (AuditHead Head, AuditNote[] Notes) Forged(DateTimeOffset at)
    {
        // Of what stood there before the first note nothing is known.
        var notes = (AuditNote[])[NoteOf(2), NoteOf(10)];
        Append(GivenUpLine.Of(10, at, at));
        Chain[6] = new ChainedLine(Chain[6].Link, null);
        return (Head(), notes);
    }

    private AuditNote NoteOf(int place) => new(place, Chain[place - 1].Link.Hash, Sample.Noon);

    private AuditReport Verify(AuditHead? head = null, AuditNote[]? notes = null, long[]? unlinked = null, DateTimeOffset? at = null)
    {
        var verification = new AuditVerification(head ?? Head(), notes ?? []);
        Chain.ForEach(verification.Take);
        return verification.End(unlinked ?? [], at ?? Sample.Noon);
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
