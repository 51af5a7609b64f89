using OpsConsole.Core.Access;
using OpsConsole.Web.Identity;

namespace OpsConsole.Tests.Web.Identity;

/// <summary>What the console knows of people beyond their sign-ins.</summary>
public sealed partial class SignInSessionsTests
{
    [Fact]
    public async Task Whoever_signed_in_at_another_console_is_not_known_here_and_counts_for_nothing()
    {
        var approver = new Operator("bob", Role.Admin, IsService: false);
        Assert.Null(await NowAsync(approver));
        Assert.False(_signIns.Knows(approver));

        var by = await SignInAsync() with { Session = null };
        Assert.True(_signIns.Knows(by));
        Assert.Equal(Role.Admin, (await NowAsync(by))?.Role);

        // Emergency access has no account at the issuer, and counts while it is used.
        Assert.Null(await NowAsync(approver with { Name = EmergencyAccess.Name }));

        // Without an issuer the sign-in itself is the list of people.
        var chosen = new SignIns(_time);
        Assert.True(chosen.Knows(approver));
        Assert.Equal(approver, await chosen.NowAsync(approver, CancellationToken.None));
    }

    [Fact]
    public async Task A_refusal_that_cannot_be_kept_takes_the_older_word_with_it()
    {
        var by = await SignInAsync();
        var file = Assert.Single(Directory.GetFiles(_folder, "*.person"));
        Directory.CreateDirectory(file + ".part");
        _issuer.Error = "invalid_grant";
        _time.Advance(_options.RecheckEvery);
        Assert.Null(await NowAsync(by));

        Assert.False(File.Exists(file));
        (_sessions, _signIns) = Start();
        Assert.Null(await NowAsync(by with { Session = null }));
        Assert.False(_signIns.Knows(by with { Session = null }));
    }

    [Fact]
    public async Task A_kept_word_that_cannot_be_read_lets_nobody_count()
    {
        var by = await SignInAsync();
        await File.WriteAllBytesAsync(Assert.Single(Directory.GetFiles(_folder, "*.person")), [1, 2, 3]);

        (_sessions, _signIns) = Start();

        // The sign-in goes on; what was approved counts once the issuer confirms it.
        Assert.Null(await NowAsync(by with { Session = null }));
        _time.Advance(_options.RecheckEvery);
        Assert.NotNull(await NowAsync(by));
        Assert.Equal(Role.Admin, (await NowAsync(by with { Session = null }))?.Role);
    }

    [Fact]
    public async Task What_is_kept_about_people_goes_when_their_last_sign_in_is_long_over_and_not_before()
    {
        var by = await SignInAsync() with { Session = null };
        using var tidying = new SignInTidying(_sessions, _time);
        await tidying.StartAsync(TestContext.Current.CancellationToken);

        // Nobody comes back: the sign-in goes in the hour after its end, without another one, and the word about its person stays for what they approved.
        await PassAsync(_options.SessionLifetime, () => Directory.GetFiles(_folder, "*.session").Length == 0);
        Assert.Single(Directory.GetFiles(_folder, "*.person"));
        _time.Advance(SignInSessions.PersonKept - TimeSpan.FromHours(2));
        _sessions.Tidy();
        Assert.Equal(Role.Admin, (await NowAsync(by))?.Role);

        await PassAsync(TimeSpan.FromHours(2), () => Directory.GetFiles(_folder).Length == 0);
        Assert.False(_signIns.Knows(by));
        await tidying.StopAsync(TestContext.Current.CancellationToken);

        async Task PassAsync(TimeSpan span, Func<bool> holds)
        {
            _time.Advance(span);
            await Shared.Eventually.TrueAsync(() =>
            {
                _time.Advance(TimeSpan.FromMinutes(1));
                return holds();
            });
        }
    }

    [Fact]
    public async Task A_start_lets_go_of_what_ended_while_the_console_was_away_and_keeps_who_is_signed_in()
    {
        await SignInAsync();
        _time.Advance(SignInSessions.PersonKept + _options.SessionLifetime);
        (_sessions, _signIns) = Start();

        // The sign-in is found over only now, so the word about its person is kept from now on.
        _sessions.Tidy();
        Assert.Empty(Directory.GetFiles(_folder, "*.session"));
        Assert.Single(Directory.GetFiles(_folder, "*.person"));
        _time.Advance(SignInSessions.PersonKept);
        (_sessions, _signIns) = Start();
        _sessions.Tidy();
        Assert.Empty(Directory.GetFiles(_folder));

        // Signed in for as long as one can be, somebody is known all the time, also after a restart.
        _options.SessionLimit = SignInSessions.PersonKept + TimeSpan.FromDays(2);
        var by = await SignInAsync();
        for (var passed = TimeSpan.Zero; passed <= SignInSessions.PersonKept; passed += TimeSpan.FromHours(6))
        {
            _time.Advance(TimeSpan.FromHours(6));
            Assert.NotNull(await NowAsync(by));
            _sessions.Tidy();
        }

        (_sessions, _signIns) = Start();
        _sessions.Tidy();
        Assert.Equal(Role.Admin, (await NowAsync(by with { Session = null }))?.Role);
    }
}
