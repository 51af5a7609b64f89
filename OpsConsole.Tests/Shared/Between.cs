using System.Reflection;

namespace OpsConsole.Tests.Shared;

/// <summary>Lets something happen before a call goes on to whom it is for: what another console does at that moment.</summary>
public static class Between
{
    /// <summary>The same, with something before each call of one method.</summary>
    public static T Calls<T>(T inner, string method, Action first)
        where T : class
    {
        var between = DispatchProxy.Create<T, ProxyToCalls>();
        ((ProxyToCalls)(object)between).Begin(inner, method, first);
        return between;
    }

    /// <summary>Stands in for what is called.</summary>
    public class ProxyToCalls : DispatchProxy
    {
        private object _inner = null!;
        private string _method = "";
        private Action _first = null!;

        internal void Begin(object inner, string method, Action first) => (_inner, _method, _first) = (inner, method, first);

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            if (targetMethod!.Name == _method)
            {
                _first();
            }

            return targetMethod.Invoke(_inner, args);
        }
    }
}
