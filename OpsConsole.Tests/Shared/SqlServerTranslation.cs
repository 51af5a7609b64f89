using System.Collections.Concurrent;
using System.Diagnostics;
using System.Linq.Expressions;
using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Query;
using Microsoft.EntityFrameworkCore.Storage;
using OpsConsole.Core.Storage;

[assembly: AssemblyFixture(typeof(OpsConsole.Tests.Shared.SqlServerTranslation))]

namespace OpsConsole.Tests.Shared;

/// <summary>Translates every query that any test asks PostgreSQL for SQL Server as well, without a connection. One that SQL Server has no words for fails in the test that asked it.</summary>
public sealed class SqlServerTranslation : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>, IDisposable
{
    private static readonly MethodInfo Compiling = typeof(IDatabase).GetMethod(nameof(IDatabase.CompileQuery))!;

    private readonly ConcurrentBag<IDisposable> _subscriptions = [];

    public SqlServerTranslation() => _subscriptions.Add(DiagnosticListener.AllListeners.Subscribe(this));

    /// <summary>Queries that were translated so far.</summary>
    public static int Count => Volatile.Read(ref _count);

    private static int _count;

    public void OnNext(DiagnosticListener value)
    {
        if (value.Name == DbLoggerCategory.Name)
        {
            _subscriptions.Add(value.Subscribe(this, name => name == CoreEventId.QueryCompilationStarting.Name));
        }
    }

    public void OnNext(KeyValuePair<string, object?> value)
    {
        if (value.Value is QueryExpressionEventData { Context: PostgresOpsConsoleDbContext } asked)
        {
            Translate(asked.Expression);
            Interlocked.Increment(ref _count);
        }
    }

    /// <summary>Translates a query of any provider.</summary>
    /// <exception cref="InvalidOperationException">SQL Server has no words for it.</exception>
    public static void Translate(Expression query)
    {
        using var context = Providers.SqlServer();
        var moved = new Moved(context.Model).Visit(query);
        try
        {
            Compiling.MakeGenericMethod(Answer(moved.Type)).Invoke(context.GetService<IDatabase>(), [moved, true]);
        }
        catch (TargetInvocationException e)
        {
            throw new InvalidOperationException($"SQL Server cannot answer this query of a store: {e.InnerException!.Message}", e.InnerException);
        }
    }

    public void OnCompleted()
    {
        // Listeners come as long as there are any.
    }

    public void OnError(Exception error)
    {
        // Nothing is sent that way.
    }

    public void Dispose()
    {
        foreach (var subscription in _subscriptions)
        {
            subscription.Dispose();
        }
    }

    private static Type Answer(Type type) => typeof(IQueryable).IsAssignableFrom(type)
        ? typeof(IAsyncEnumerable<>).MakeGenericType(type.GetInterfaces().Append(type).Single(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IQueryable<>)).GenericTypeArguments[0])
        : typeof(Task<>).MakeGenericType(type);

    /// <summary>The same query over another model.</summary>
    private sealed class Moved(IModel model) : ExpressionVisitor
    {
        protected override Expression VisitExtension(Expression node) => node is EntityQueryRootExpression root
            ? new EntityQueryRootExpression(model.FindEntityType(root.EntityType.ClrType)!)
            : node is QueryParameterExpression ? node : base.VisitExtension(node);
    }
}
