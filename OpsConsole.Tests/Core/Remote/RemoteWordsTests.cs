using OpsConsole.Core.Remote;

namespace OpsConsole.Tests.Core.Remote;

public sealed class RemoteWordsTests
{
    [Theory]
    [InlineData("It is\r\nnot\there.", "It is  not here.")]
    [InlineData("The key s3cret is unknown.", "The key (secret) is unknown.")]
    [InlineData("The key BEGIN\nAAAA\nEND is unknown.", "The key (secret) is unknown.")]
    public void Words_are_one_line_without_secrets(string words, string plain) => Assert.Equal(plain, RemoteWords.Plain(words, ["s3cret", "BEGIN\nAAAA\nEND\n"]));

    [Fact]
    public void A_secret_at_the_end_of_what_is_shown_is_not_shown_in_part() =>
        Assert.Equal(new string('a', 295) + "(secr…", RemoteWords.Plain(new string('a', 295) + "s3cret", ["s3cret"]));
}
