using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Core.Storage;

/// <summary>Every contract of a store is held on each provider.</summary>
public sealed class StoreContractsTests
{
    [Fact]
    public void Each_contract_is_held_embedded_on_PostgreSQL_and_on_SQL_Server()
    {
        var contracts = typeof(StoreContract).Assembly.GetTypes().Where(t => t.IsAbstract && t.IsSubclassOf(typeof(StoreContract))).ToList();

        Assert.NotEmpty(contracts);
        Assert.All(contracts, contract =>
        {
            var held = contract.Assembly.GetTypes().Where(t => !t.IsAbstract && t.IsSubclassOf(contract)).ToList();
            Assert.Equal(3, held.Count);
            Assert.Single(held, t => typeof(IOnSqlServer).IsAssignableFrom(t));
            Assert.Single(held, t => t.GetConstructors()[0].GetParameters().Length == 1);
        });
    }
}
