using OpsConsole.Core.Storage;

namespace OpsConsole.Tests.Core.Storage;

/// <summary>SQL Server's numbers mean the same as PostgreSQL's codes do.</summary>
public sealed class DatabaseErrorsTests
{
    [Theory]
    [InlineData(1205, 13, true, true)]    // deadlock
    [InlineData(1222, 16, true, false)]   // a lock that is not given
    [InlineData(-2, 11, true, false)]     // time limit
    [InlineData(4060, 11, true, false)]   // the database is not there
    [InlineData(9002, 17, true, false)]   // the log is full
    [InlineData(1105, 17, true, false)]   // the disk is full
    [InlineData(823, 24, true, false)]    // the disk does not read
    [InlineData(10054, 20, true, true)]   // the connection broke
    [InlineData(2627, 14, false, false)]  // a row that is there
    [InlineData(207, 16, false, false)]   // no such column
    [InlineData(229, 14, false, false)]   // may not
    [InlineData(8152, 16, false, false)]  // too long
    public void What_passes_is_told_from_what_is_wrong(int number, byte severity, bool unavailable, bool again)
    {
        Assert.Equal(unavailable, SqlServerErrors.IsUnavailable(number, severity));
        Assert.Equal(again, SqlServerErrors.IsWorthAnotherTry(number));
    }

    [Fact]
    public void Duplicates_and_refusals_are_known()
    {
        Assert.True(SqlServerErrors.IsDuplicate(2601) && SqlServerErrors.IsDuplicate(2627) && !SqlServerErrors.IsDuplicate(547));
        Assert.True(SqlServerErrors.IsForbidden(229) && SqlServerErrors.IsForbidden(262) && !SqlServerErrors.IsForbidden(2627));
    }
}
