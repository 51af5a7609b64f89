using OpsConsole.Web.Components.Kit;

namespace OpsConsole.Tests.Web.Components;

public sealed class TypedInAddressTests
{
    [Fact]
    public void Word_of_what_was_typed_earlier_changes_nothing()
    {
        var field = new TypedInAddress();
        foreach (var text in (string[])["s", "sh", "shop "])
        {
            field.Type(text);
        }

        field.Read("s");
        Assert.Equal("shop ", field.Text);
        field.Read("sh");
        field.Read("shop");
        Assert.Equal("shop ", field.Text);

        // The same address again, as every other change of the page brings it.
        field.Type("shop g");
        field.Read("shop");
        Assert.Equal("shop g", field.Text);
    }

    [Fact]
    public void An_address_that_others_brought_about_is_taken()
    {
        var field = new TypedInAddress();
        field.Type("shop");
        field.Read("shop");

        field.Read(null);
        Assert.Equal("", field.Text);
        field.Read("cart");
        Assert.Equal("cart", field.Text);
    }

    [Fact]
    public void Overtaken_words_that_never_came_are_not_waited_for()
    {
        var field = new TypedInAddress();
        field.Type("s");
        field.Type("sh");
        field.Read("sh");

        field.Read("");
        field.Read("s");
        Assert.Equal("s", field.Text);
    }
}
