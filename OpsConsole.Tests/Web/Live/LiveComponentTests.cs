using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.AspNetCore.Components.RenderTree;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using OpsConsole.Core.Board;
using OpsConsole.Tests.Core.Board;
using OpsConsole.Tests.Shared;
using OpsConsole.Web.Live;

namespace OpsConsole.Tests.Web.Live;

public sealed class LiveComponentTests
{
    private readonly BoardRig _rig = new();

    [Fact]
    public async Task It_renders_what_is_there_and_then_what_is_new()
    {
        var release = _rig.Rolling();
        await using var page = await Page.OpenAsync(_rig.Board);
        Assert.Equal([_rig.Board.Current.Version], page.Component.Seen);
        _rig.Record(release, 7);
        _rig.Build(release);
        await Eventually.TrueAsync(() => page.Component.Seen.LastOrDefault() == _rig.Board.Current.Version);
        Assert.Equal(2, page.Component.Renders);
    }

    [Fact]
    public async Task A_slow_page_skips_what_is_over_and_ends_at_the_newest()
    {
        var release = _rig.Rolling();
        await using var page = await Page.OpenAsync(_rig.Board);
        await page.BusyAsync(() =>
        {
            for (var i = 0; i < 100; i++)
            {
                _rig.Record(release, i);
                _rig.Build(release);
            }
        });
        await Eventually.TrueAsync(() => page.Component.Seen.LastOrDefault() == _rig.Board.Current.Version);
        Assert.InRange(page.Component.Renders, 2, 4);
    }

    [Fact]
    public async Task A_browser_that_does_not_keep_up_is_sent_nothing_more_until_it_has_and_then_the_newest()
    {
        var release = _rig.Rolling();
        await using var page = await Page.OpenAsync(_rig.Board);
        var acknowledged = new TaskCompletionSource();
        page.Browser = acknowledged.Task;
        for (var i = 0; i < 5; i++)
        {
            _rig.Record(release, i);
            _rig.Build(release);
            await Eventually.TrueAsync(() => page.Component.Renders == 2);
        }

        page.Browser = Task.CompletedTask;
        acknowledged.SetResult();

        // It is seen a moment before it is rendered.
        await Eventually.TrueAsync(() => page.Component.Seen.LastOrDefault() == _rig.Board.Current.Version && page.Component.Renders >= 3);
        Assert.Equal(3, page.Component.Renders);
    }

    [Fact]
    public async Task What_shows_nothing_new_is_not_rendered_and_what_comes_after_is()
    {
        var release = _rig.Rolling();
        await using var page = await Page.OpenAsync(_rig.Board);
        page.Component.Ignores = true;
        _rig.Record(release, 1);
        _rig.Build(release);
        await Eventually.TrueAsync(() => page.Component.Seen.LastOrDefault() == _rig.Board.Current.Version);
        Assert.Equal(1, page.Component.Renders);
        page.Component.Ignores = false;
        _rig.Record(release, 2);
        _rig.Build(release);
        await Eventually.TrueAsync(() => page.Component.Renders == 2);
    }

    [Fact]
    public async Task The_same_board_is_not_rendered_twice()
    {
        _rig.Rolling();
        await using var page = await Page.OpenAsync(_rig.Board);
        _rig.Board.Feed.Announce();
        var release = _rig.Rolling("search");
        await Eventually.TrueAsync(() => page.Component.Seen.LastOrDefault() == _rig.Board.Current.Version);
        Assert.Equal(page.Component.Seen.Distinct(), page.Component.Seen);
        Assert.NotNull(_rig.Board.Find(release.Id));
    }

    [Fact]
    public async Task Closed_it_listens_no_more()
    {
        var page = await Page.OpenAsync(_rig.Board);
        await Eventually.TrueAsync(() => _rig.Board.Feed.Count == 1);
        await page.DisposeAsync();
        Assert.Equal(0, _rig.Board.Feed.Count);
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task What_goes_wrong_is_not_swallowed()
    {
        await using var page = await Page.OpenAsync(_rig.Board);
        page.Component.Fails = true;
        _rig.Rolling();
        await Eventually.TrueAsync(() => page.Errors.Count == 1);
        Assert.IsType<InvalidDataException>(page.Errors[0]);
        await Eventually.TrueAsync(() => _rig.Board.Feed.Count == 0);
    }

    private sealed class Probe : LiveComponent
    {
        public List<long> Seen { get; } = [];

        public int Renders { get; private set; }

        public bool Fails { get; set; }

        public bool Ignores { get; set; }

        protected override bool OnBoard(BoardSnapshot board)
        {
            if (Fails)
            {
                throw new InvalidDataException("cannot be shown");
            }

            Seen.Add(board.Version);
            return !Ignores;
        }

        protected override void BuildRenderTree(RenderTreeBuilder builder) => Renders++;
    }

    /// <summary>The least that renders a component: a dispatcher, and somewhere for errors to go.</summary>
    private sealed class Page : Renderer
    {
        private Page(IServiceProvider services) : base(services, NullLoggerFactory.Instance)
        {
        }

        public override Dispatcher Dispatcher { get; } = Dispatcher.CreateDefault();

        public List<Exception> Errors { get; } = [];

        /// <summary>Is done when the browser has taken what was rendered.</summary>
        public Task Browser { get; set; } = Task.CompletedTask;

        public Probe Component { get; private set; } = default!;

        public static async Task<Page> OpenAsync(ReleaseBoard board)
        {
            var page = new Page(new ServiceCollection().AddSingleton(board).BuildServiceProvider());
            await page.Dispatcher.InvokeAsync(async () =>
            {
                page.Component = (Probe)page.InstantiateComponent(typeof(Probe));
                await page.RenderRootComponentAsync(page.AssignRootComponentId(page.Component));
            });
            return page;
        }

        /// <summary>Keeps the page's context occupied meanwhile.</summary>
        public Task BusyAsync(Action meanwhile) => Dispatcher.InvokeAsync(meanwhile);

        protected override void HandleException(Exception exception) => Errors.Add(exception);

        protected override Task UpdateDisplayAsync(in RenderBatch renderBatch) => Browser;
    }
}
