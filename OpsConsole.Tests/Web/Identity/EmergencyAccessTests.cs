using System.Net;
using System.Security.Cryptography;
using System.Text;
using OpsConsole.Core.Access;
using OpsConsole.Tests.Shared;
using OpsConsole.Web.Identity;

namespace OpsConsole.Tests.Web.Identity;

public sealed class EmergencyAccessTests
{
    private const string Secret = "0123456789abcdef0123456789abcdef";

    private static readonly IPAddress From = IPAddress.Parse("192.0.2.7");

    private readonly FakeTime _time = new();
    private readonly EmergencyAccess _access;

    public EmergencyAccessTests() => _access = With(Secret);

    [Fact]
    public void It_is_off_unless_configured()
    {
        var off = new EmergencyAccess(new SignInOptions(), _time);

        Assert.Equal(EmergencyAnswer.Off, off.Try(Secret, From, out var opened));
        Assert.Null(opened);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("0123456789abcdef0123456789abcdeg")]
    [InlineData("0123456789abcdef0123456789abcde")]
    public void Another_secret_opens_nothing(string? secret)
    {
        Assert.Equal(EmergencyAnswer.Wrong, _access.Try(secret, From, out var opened));
        Assert.Null(opened);
        Assert.Null(_access.InUseSince);
    }

    [Fact]
    public void A_short_secret_opens_nothing_even_where_its_hash_is_configured() =>
        Assert.Equal(EmergencyAnswer.Wrong, With("short").Try("short", From, out _));

    [Fact]
    public void The_secret_opens_an_admin_that_ends_by_itself_or_by_signing_out()
    {
        var changes = 0;
        _access.Changed += () => changes++;

        Assert.Equal(EmergencyAnswer.Opened, _access.Try(Secret, From, out var first));
        Assert.Equal((EmergencyAccess.Name, Role.Admin, false), (first!.Name, first.Role, first.IsService));
        var began = _time.GetUtcNow();
        _time.Advance(TimeSpan.FromMinutes(30));
        Assert.Equal(EmergencyAnswer.Opened, _access.Try(Secret, From, out var second));
        Assert.Equal(began, _access.InUseSince);
        _access.End(second!.Session!);
        Assert.False(_access.Holds(second.Session));
        Assert.True(_access.Holds(first.Session));

        _time.Advance(TimeSpan.FromMinutes(30));
        Assert.False(_access.Holds(first.Session));
        Assert.Null(_access.InUseSince);
        Assert.Equal(3, changes);
    }

    [Fact]
    public void Tries_are_bounded_from_one_address_and_from_all()
    {
        for (var i = 0; i < EmergencyAccess.TriesFromOne; i++)
        {
            Assert.Equal(EmergencyAnswer.Wrong, _access.Try("wrong", From, out _));
        }

        // Also as an address of IPv6 that means the same.
        Assert.Equal(EmergencyAnswer.TooMany, _access.Try("wrong", From, out _));
        Assert.Equal(EmergencyAnswer.TooMany, _access.Try("wrong", From.MapToIPv6(), out _));
        Assert.True(_access.IsNewsThatTooMany());
        Assert.False(_access.IsNewsThatTooMany());

        // Whoever has the right one is not kept out by that, here or elsewhere.
        Assert.Equal(EmergencyAnswer.Opened, _access.Try(Secret, From, out _));
        Assert.Equal(EmergencyAnswer.Opened, _access.Try(Secret, IPAddress.Parse("192.0.2.8"), out _));

        // One network of IPv6 counts as one.
        for (var i = 0; i < EmergencyAccess.TriesFromOne; i++)
        {
            Assert.Equal(EmergencyAnswer.Wrong, _access.Try("wrong", IPAddress.Parse($"2001:db8::{i}"), out _));
        }

        Assert.Equal(EmergencyAnswer.TooMany, _access.Try("wrong", IPAddress.Parse("2001:db8::ffff"), out _));
        for (var i = 0; i < EmergencyAccess.TriesFromAll; i++)
        {
            _access.Try("wrong", IPAddress.Parse($"198.51.100.{i}"), out _);
        }

        Assert.Equal(EmergencyAnswer.TooMany, _access.Try("wrong", IPAddress.Parse("203.0.113.1"), out _));
        Assert.Equal(EmergencyAnswer.Opened, _access.Try(Secret, IPAddress.Parse("203.0.113.1"), out _));
        _time.Advance(EmergencyAccess.Window);
        Assert.Equal(EmergencyAnswer.Opened, _access.Try(Secret, From, out _));
    }

    private EmergencyAccess With(string secret) =>
        new(new SignInOptions { Emergency = new EmergencyOptions { SecretHash = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(secret))) } }, _time);
}
