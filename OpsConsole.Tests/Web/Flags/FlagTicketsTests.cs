using OpsConsole.Tests.Shared;
using OpsConsole.Web.Flags;

namespace OpsConsole.Tests.Web.Flags;

public sealed class FlagTicketsTests
{
    private const string Client = "0123456789abcdef";

    private static readonly Guid Token = Guid.NewGuid();

    private readonly FakeTime _time = new(new DateTimeOffset(2026, 3, 1, 12, 59, 0, TimeSpan.Zero));
    private readonly FlagTickets _tickets;

    public FlagTicketsTests() => _tickets = new FlagTickets(_time);

    [Fact]
    public void Says_who_it_is_for_until_it_is_over()
    {
        var ticket = _tickets.Write(new FlagTicket("staging", Client, Token));

        Assert.Equal(new FlagTicket("staging", Client, Token), _tickets.Read("staging", Client, ticket));
        _time.Advance(TimeSpan.FromMinutes(60.9));
        Assert.NotNull(_tickets.Read("staging", Client, ticket));
        _time.Advance(TimeSpan.FromMinutes(0.1));
        Assert.Null(_tickets.Read("staging", Client, ticket));
    }

    [Fact]
    public void Is_no_good_for_anyone_else_after_a_restart_or_when_it_was_touched()
    {
        var ticket = _tickets.Write(new FlagTicket("staging", Client, Token));

        Assert.Null(_tickets.Read("production", Client, ticket));
        Assert.Null(_tickets.Read("staging", "0123456789abcdee", ticket));
        Assert.Null(new FlagTickets(_time).Read("staging", Client, ticket));
        for (var i = 0; i < ticket.Length; i++)
        {
            // The last character has bits that stand for nothing.
            var touched = ticket[..i] + (ticket[i] == 'A' ? 'Q' : 'A') + ticket[(i + 1)..];
            Assert.Null(_tickets.Read("staging", Client, touched));
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("AAAA")]
    [InlineData("%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public void What_is_no_ticket_is_refused(string? ticket)
    {
        Assert.Null(_tickets.Read("staging", Client, ticket));
        Assert.Null(_tickets.Read(null, Client, ticket));
        Assert.Null(_tickets.Read("staging", new string('x', 10_000), ticket));
        Assert.Null(_tickets.Read(new string('é', 64), "éééééééééééééééé", ticket));
        Assert.Null(_tickets.Read(new string('x', 10_000), Client, ticket));
    }

    [Fact]
    public void Is_the_same_within_the_hour_so_that_a_client_keeps_its_stream()
    {
        _time.Advance(TimeSpan.FromMinutes(1));
        var (ticket, stamp) = (_tickets.Write(new FlagTicket("staging", Client, Token)), _tickets.Stamp);
        _time.Advance(TimeSpan.FromMinutes(59));
        Assert.Equal((ticket, stamp), (_tickets.Write(new FlagTicket("staging", Client, Token)), _tickets.Stamp));

        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.NotEqual(ticket, _tickets.Write(new FlagTicket("staging", Client, Token)));
        Assert.NotEqual(stamp, _tickets.Stamp);
    }

    [Fact]
    public void A_stamp_is_good_as_long_as_the_tickets_of_its_hour()
    {
        var (ticket, stamp) = (_tickets.Write(new FlagTicket("staging", Client, Token)), _tickets.Stamp);
        Assert.False(new FlagTickets(_time).IsGood(stamp));
        for (var i = 0; i < 125; i++)
        {
            Assert.Equal(_tickets.IsGood(stamp), _tickets.Read("staging", Client, ticket) is not null);
            _time.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.False(_tickets.IsGood(stamp));
    }
}
