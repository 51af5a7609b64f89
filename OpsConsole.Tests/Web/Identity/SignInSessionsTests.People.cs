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
}
