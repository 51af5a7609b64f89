using System.Collections.Concurrent;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;
using Microsoft.AspNetCore.Components.HtmlRendering.Infrastructure;
using Microsoft.AspNetCore.Components.RenderTree;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Components.Web.HtmlRendering;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.JSInterop;

namespace OpsConsole.Tests.Shared;

/// <summary>Runs components on the framework's own renderer without a browser: finds what they show, fires events at it, waits for what should come of it.</summary>
public sealed class ComponentHarness : IAsyncDisposable
{
    // Components are numbered as they are added, and there is one root in each harness.
    private const int Root = 0;

    private readonly ServiceProvider _services;
    private readonly InMemoryRenderer _renderer;

    public ComponentHarness(Action<IServiceCollection> add)
    {
        ArgumentNullException.ThrowIfNull(add);
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<IJSRuntime>(Js);
        services.AddSingleton<NavigationManager>(Navigation);
        services.AddSingleton<AntiforgeryStateProvider, NoAntiforgery>();
        add(services);
        _services = services.BuildServiceProvider();
        _renderer = new InMemoryRenderer(_services);
    }

    /// <summary>Every call into the browser, in order.</summary>
    public RecordedJs Js { get; } = new();

    public RecordedNavigation Navigation { get; } = new();

    /// <summary>The service the components were given.</summary>
    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    /// <summary>Renders a component with its parameters, inside the cascading values given.</summary>
    public async Task RenderAsync<T>(IReadOnlyDictionary<string, object?>? parameters = null, params object[] cascading)
        where T : IComponent
    {
        RenderFragment content = builder =>
        {
            builder.OpenComponent<T>(0);
            foreach (var (name, value) in parameters ?? new Dictionary<string, object?>())
            {
                builder.AddComponentParameter(1, name, value);
            }

            builder.CloseComponent();
        };
        foreach (var value in cascading)
        {
            content = Cascade(value, content);
        }

        await _renderer.Dispatcher.InvokeAsync(() => _renderer.Start(content));
        Check();
    }

    /// <summary>What is shown now.</summary>
    public Task<RenderedElement> ShownAsync() => _renderer.Dispatcher.InvokeAsync(() => new RenderedElement("root", new Dictionary<string, string>(), new Dictionary<string, ulong>(), _renderer.Read(Root)));

    /// <summary>Waits until something that fits the selector is shown, and returns the first.</summary>
    public async Task<RenderedElement> FindAsync(string selector)
    {
        RenderedElement? found = null;
        RenderedElement? shown = null;
        await Eventually.TrueAsync(
            async () =>
            {
                Check();
                shown = await ShownAsync();
                found = shown.Find(selector);
                return found is not null;
            },
            otherwise: () => $"Nothing fits {selector} in: {shown?.Text}");
        return found!;
    }

    /// <summary>Waits until the text is shown somewhere.</summary>
    public async Task SeesAsync(string text)
    {
        RenderedElement? shown = null;
        await Eventually.TrueAsync(
            async () =>
            {
                Check();
                shown = await ShownAsync();
                return shown.Text.Contains(text, StringComparison.Ordinal);
            },
            otherwise: () => $"“{text}” is not in: {shown?.Text}");
    }

    /// <summary>Fires an event at the first element that fits and waits for its handler.</summary>
    public async Task FireAsync(string selector, string eventName, EventArgs arguments)
    {
        var target = await FindAsync(selector);
        await FireAsync(target, eventName, arguments);
    }

    /// <summary>Fires an event at an element found before.</summary>
    public async Task FireAsync(RenderedElement target, string eventName, EventArgs arguments)
    {
        ArgumentNullException.ThrowIfNull(target);
        if (!target.Handlers.TryGetValue(eventName, out var handler))
        {
            throw new InvalidOperationException($"<{target.Name}> has no {eventName}.");
        }

        await _renderer.Dispatcher.InvokeAsync(() => _renderer.DispatchEventAsync(handler, null, arguments));
        Check();
    }

    public Task ClickAsync(string selector) => FireAsync(selector, "onclick", new MouseEventArgs());

    public Task TypeAsync(string selector, string text) => FireAsync(selector, "oninput", new ChangeEventArgs { Value = text });

    /// <summary>Runs something on the components' own context.</summary>
    public Task OnContextAsync(Action work) => _renderer.Dispatcher.InvokeAsync(work);

    public async ValueTask DisposeAsync()
    {
        await _renderer.DisposeAsync();
        await _services.DisposeAsync();
    }

    private static RenderFragment Cascade(object value, RenderFragment content) => builder =>
    {
        builder.OpenComponent(0, typeof(CascadingValue<>).MakeGenericType(value.GetType()));
        builder.AddComponentParameter(1, "Value", value);
        builder.AddComponentParameter(2, "ChildContent", content);
        builder.CloseComponent();
    };

    private void Check()
    {
        if (_renderer.Errors.TryDequeue(out var error))
        {
            throw new InvalidOperationException("A component threw: " + error.Message, error);
        }
    }

    private sealed class NoAntiforgery : AntiforgeryStateProvider
    {
        public override AntiforgeryRequestToken? GetAntiforgeryToken() => new("token-of-the-form", "__RequestVerificationToken");
    }

    private sealed class Host : IComponent
    {
        private RenderHandle _handle;

        [Parameter]
        public RenderFragment? Content { get; set; }

        public void Attach(RenderHandle renderHandle) => _handle = renderHandle;

        public Task SetParametersAsync(ParameterView parameters)
        {
            parameters.SetParameterProperties(this);
            _handle.Render(Content!);
            return Task.CompletedTask;
        }
    }

    private sealed class InMemoryRenderer(IServiceProvider services) : StaticHtmlRenderer(services, NullLoggerFactory.Instance)
    {
        public ConcurrentQueue<Exception> Errors { get; } = new();

        protected override RendererInfo RendererInfo { get; } = new("Server", isInteractive: true);

        public HtmlRootComponent Start(RenderFragment content) =>
            BeginRenderingComponent(typeof(Host), ParameterView.FromDictionary(new Dictionary<string, object?> { [nameof(Host.Content)] = content }));

        public List<object> Read(int component)
        {
            var nodes = new List<object>();
            var frames = GetCurrentRenderTreeFrames(component);
            Read(frames, 0, frames.Count, nodes);
            return nodes;
        }

        protected override void HandleException(Exception exception) => Errors.Enqueue(exception);

        // A completed task says that the browser has taken the batch: without it nothing would run after a render.
        protected override Task UpdateDisplayAsync(in RenderBatch renderBatch) => Task.CompletedTask;

        protected override IComponent ResolveComponentForRenderMode(Type componentType, int? parentComponentId, IComponentActivator componentActivator, IComponentRenderMode renderMode) =>
            componentActivator.CreateInstance(componentType);

        private void Read(ArrayRange<RenderTreeFrame> frames, int from, int to, List<object> nodes)
        {
            for (var i = from; i < to;)
            {
                ref var frame = ref frames.Array[i];
                switch (frame.FrameType)
                {
                    case RenderTreeFrameType.Element:
                        var until = i + frame.ElementSubtreeLength;
                        var attributes = new Dictionary<string, string>();
                        var handlers = new Dictionary<string, ulong>();
                        var at = i + 1;
                        for (; at < until && frames.Array[at].FrameType == RenderTreeFrameType.Attribute; at++)
                        {
                            var attribute = frames.Array[at];
                            if (attribute.AttributeEventHandlerId != 0)
                            {
                                handlers[attribute.AttributeName] = attribute.AttributeEventHandlerId;
                            }
                            else if (attribute.AttributeValue is string or bool)
                            {
                                attributes[attribute.AttributeName] = attribute.AttributeValue as string ?? "";
                            }
                        }

                        var children = new List<object>();
                        Read(frames, at, until, children);
                        nodes.Add(new RenderedElement(frame.ElementName, attributes, handlers, children));
                        i = until;
                        break;
                    case RenderTreeFrameType.Component:
                        nodes.AddRange(Read(frame.ComponentId));
                        i += frame.ComponentSubtreeLength;
                        break;
                    case RenderTreeFrameType.Region:
                        Read(frames, i + 1, i + frame.RegionSubtreeLength, nodes);
                        i += frame.RegionSubtreeLength;
                        break;
                    case RenderTreeFrameType.Text:
                        nodes.Add(frame.TextContent);
                        i++;
                        break;
                    case RenderTreeFrameType.Markup:
                        nodes.Add(new RenderedMarkup(frame.MarkupContent));
                        i++;
                        break;
                    default:
                        i++;
                        break;
                }
            }
        }
    }
}
