using OpsConsole.Core.Audit;
using OpsConsole.Core.Storage;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Core.Storage;

/// <summary>The notes of the chain's end on disk.</summary>
public sealed class AuditNotesFileTests : IDisposable
{
    private static readonly string Hash = new('a', 64);

    private readonly string _folder = Directory.CreateTempSubdirectory("opsconsole-").FullName;
    private readonly AuditNotesFile _notes;

    public AuditNotesFileTests() => _notes = new AuditNotesFile(Path.Combine(_folder, "audit"), TimeProvider.System);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_added_is_read_in_order()
    {
        Assert.Empty(await _notes.ReadAsync(Token));

        await _notes.AddAsync(Note(3), Token);
        await _notes.AddAsync(Note(8), Token);

        Assert.Equal([Note(3), Note(8)], await _notes.ReadAsync(Token));
    }

    [Theory]
    [InlineData("{\"sequence\":")]
    [InlineData("x")]
    public async Task What_a_crash_cut_off_is_no_note_and_the_next_one_is_whole(string half)
    {
        await _notes.AddAsync(Note(3), Token);
        await File.AppendAllTextAsync(_notes.FilePath, half, Token);

        Assert.Equal([Note(3)], await _notes.ReadAsync(Token));
        await _notes.AddAsync(Note(8), Token);
        Assert.Equal([Note(3), Note(8)], await _notes.ReadAsync(Token));
    }

    [Fact]
    public async Task A_whole_line_that_is_none_of_its_own_is_refused()
    {
        await _notes.AddAsync(Note(3), Token);
        await File.AppendAllTextAsync(_notes.FilePath, "nothing\n", Token);

        Assert.Contains("line 2", (await Assert.ThrowsAsync<InvalidDataException>(() => _notes.ReadAsync(Token))).Message, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _notes.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static AuditNote Note(long sequence) => new(sequence, Hash, Sample.Noon);
}
