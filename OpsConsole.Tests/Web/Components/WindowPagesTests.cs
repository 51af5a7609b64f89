using Microsoft.AspNetCore.Components;
using OpsConsole.Core.Access;
using OpsConsole.Core.Gates;
using OpsConsole.Core.Gates.Windows;
using OpsConsole.Web.Components.Pages;

namespace OpsConsole.Tests.Web.Components;

public sealed class WindowPagesTests
{
    private static readonly Operator Ana = new("ana", Role.ReleaseManager, false);
    private static readonly Operator Viewer = new("lena", Role.Viewer, false);

    [Fact]
    public async Task Windows_say_how_they_stand_and_are_made_and_ended()
    {
        await using var pages = new Interface();
        pages.Gates.Put(new DeployWindow
        {
            Id = Guid.NewGuid(), Name = "sales weekend", Kind = DeployWindowKind.Freeze, From = Pretend.Now.AddHours(-1), To = Pretend.Now.AddHours(1), Reason = "busy", CreatedBy = "ana", CreatedAt = Pretend.Now.AddHours(-2),
        });
        await pages.Harness.RenderAsync<WindowsPage>(null, Ana);
        await pages.Harness.SeesAsync("frozen now");

        await pages.Harness.FireAsync("form", "onsubmit", EventArgs.Empty);
        await pages.Harness.SeesAsync("The name is missing; give it in 1 to 128 characters.");
        await pages.Harness.TypeAsync("#window-name", "office hours");
        await pages.Harness.TypeAsync("#window-reason", "people are there");
        await pages.Harness.FireAsync("form", "onsubmit", EventArgs.Empty);
        await pages.Harness.SeesAsync("From, To: it needs a begin or an end, or days of the week on which it recurs.");
        await pages.Harness.FireAsync("[data-day=Monday]", "onchange", new ChangeEventArgs { Value = true });
        await pages.Harness.FireAsync("form", "onsubmit", EventArgs.Empty);
        await pages.Harness.SeesAsync("Monday 09:00 for 8 h, UTC");
        Assert.Equal(2, (await ((IWindowStore)pages.Gates).ListAsync(default)).Count);
    }

    [Fact]
    public async Task A_service_that_no_release_has_is_a_warning_with_what_was_meant()
    {
        await using var pages = new Interface();
        pages.Record.Releases.Add(Pretend.Release());
        await pages.Harness.RenderAsync<WindowsPage>(null, Ana);

        await pages.Harness.TypeAsync("#window-service", "shpo");
        await pages.Harness.FireAsync("#window-service", "onchange", new ChangeEventArgs { Value = "shpo" });
        await pages.Harness.SeesAsync("Service: no release on record has 'shpo', so the window would hold nothing. Did you mean 'shop'?");

        await pages.Harness.TypeAsync("#window-service", "shop");
        await pages.Harness.FireAsync("#window-service", "onchange", new ChangeEventArgs { Value = "shop" });
        await pages.Harness.SeesAsync("New window or freeze");
        Assert.Null((await pages.Harness.ShownAsync()).Find("[data-doubts]"));
    }

    [Fact]
    public async Task A_freeze_without_a_begin_begins_now()
    {
        await using var pages = new Interface();
        await pages.Harness.RenderAsync<WindowsPage>(null, Ana);
        await pages.Harness.TypeAsync("#window-name", "sale");
        await pages.Harness.TypeAsync("#window-reason", "the sale is on");
        await pages.Harness.FireAsync("#window-to", "onchange", new ChangeEventArgs { Value = Pretend.Now.AddHours(3).ToString("yyyy-MM-dd'T'HH:mm", System.Globalization.CultureInfo.InvariantCulture) });

        await pages.Harness.FireAsync("form", "onsubmit", EventArgs.Empty);

        await pages.Harness.SeesAsync("sale");
        Assert.Equal(pages.Time.GetUtcNow(), Assert.Single(await ((IWindowStore)pages.Gates).ListAsync(default)).From);
    }

    [Fact]
    public async Task What_was_said_of_one_window_is_not_said_of_the_next()
    {
        await using var pages = new Interface();
        await pages.Harness.RenderAsync<WindowsPage>(null, Ana);
        await SayAsync("year's end");
        await pages.Harness.FireAsync("#window-from", "onchange", new ChangeEventArgs { Value = "2026-12-24T18:00" });
        await pages.Harness.FireAsync("#window-to", "onchange", new ChangeEventArgs { Value = "2027-01-02T06:00" });
        await pages.Harness.TypeAsync("#window-environment", "production");
        await pages.Harness.FireAsync("form", "onsubmit", EventArgs.Empty);
        await pages.Harness.SeesAsync("From 2026-12-24 18:00 UTC to 2027-01-02 06:00 UTC; environment production.");

        await SayAsync("nights");
        await pages.Harness.FireAsync("[data-day=Monday]", "onchange", new ChangeEventArgs { Value = true });
        await pages.Harness.FireAsync("form", "onsubmit", EventArgs.Empty);
        await pages.Harness.SeesAsync("Monday 09:00");

        var nights = Assert.Single(await ((IWindowStore)pages.Gates).ListAsync(default), w => w.Name == "nights");
        Assert.Equal((null, null, null, DeployWindowKind.Allow), (nights.From, nights.To, nights.Environment, nights.Kind));

        async Task SayAsync(string name)
        {
            await pages.Harness.TypeAsync("#window-name", name);
            await pages.Harness.TypeAsync("#window-reason", "as every year");
        }
    }

    [Fact]
    public async Task A_window_is_ended_where_its_environment_is_ones_own()
    {
        await using var pages = new Interface();
        foreach (var place in (string?[])["production", "staging", null])
        {
            pages.Gates.Put(new DeployWindow
            {
                Id = Guid.NewGuid(), Name = place ?? "everywhere", Kind = DeployWindowKind.Freeze, Environment = place, From = Pretend.Now.AddHours(-1), To = Pretend.Now.AddHours(1), Reason = "busy", CreatedBy = "ana", CreatedAt = Pretend.Now,
            });
        }

        await pages.Harness.RenderAsync<WindowsPage>(null, Viewer with { ByEnvironment = new EnvironmentRoles(Role.Viewer, [new("staging", Role.ReleaseManager)]) });

        await pages.Harness.SeesAsync("everywhere");
        Assert.Equal(["staging"], (await pages.Harness.ShownAsync()).FindAll("[data-window]").Where(w => w.Find("[data-end]") is not null).Select(w => w.Find("h2")!.Text));
    }

    [Fact]
    public async Task A_viewer_sees_windows_and_who_can_change_them()
    {
        await using var pages = new Interface();

        await pages.Harness.RenderAsync<WindowsPage>(null, Viewer);

        await pages.Harness.SeesAsync("There is no window and no freeze");
        await pages.Harness.SeesAsync("you may not change deploy windows; release manager and admin can");
        Assert.Null((await pages.Harness.ShownAsync()).Find("form"));
    }
}
