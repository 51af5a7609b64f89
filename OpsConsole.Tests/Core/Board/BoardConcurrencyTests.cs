using OpsConsole.Core.Board;
using OpsConsole.Core.Signals;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Core.Board;

public sealed class BoardConcurrencyTests
{
    [Fact]
    public void Recording_allocates_nothing()
    {
        var rig = new BoardRig();
        var release = rig.Rolling();
        var sample = new SignalSample(new(release.Service, release.Target, release.Environment, release.Version, new SignalKey(BoardRig.Errors)), rig.Now, 0.5, 100);
        var missing = sample with { Kind = SampleKind.Missing };
        var unknown = sample with { Address = sample.Address with { Version = "9.9.9" } };

        Assert.Equal(0, Allocated.ByEach(() =>
        {
            for (var i = 0; i < 1000; i++)
            {
                Record();
            }
        }));

        void Record()
        {
            rig.Board.Record(sample);
            rig.Board.Record(missing);
            rig.Board.Record(unknown);
        }
    }

    [Fact]
    public async Task Nothing_is_lost_between_many_writers_and_the_builder()
    {
        const int Writers = 4;
        const int Each = 5000;
        var rig = new BoardRig();
        var release = rig.Rolling();
        using var stop = new CancellationTokenSource();
        var builder = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                rig.Board.BuildDue();
            }
        });
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(w => Task.Run(() =>
        {
            for (var i = 0; i < Each; i++)
            {
                rig.Record(release, 0.5, 1, at: rig.Now.AddMilliseconds(-(i * Writers) - w));
            }
        })));
        await stop.CancelAsync();
        await builder;

        // Each spread its samples over 20 s, all inside the window.
        Assert.Equal(Writers * Each, rig.Build(release).Signals[0].Samples);
    }

    [Fact]
    public async Task Releases_come_and_go_while_samples_arrive()
    {
        var rig = new BoardRig();
        var stays = rig.Rolling();
        var tracking = Task.Run(() =>
        {
            for (var i = 0; i < 300; i++)
            {
                var next = BoardRig.Release(previous: stays.Version, version: "3.0." + i);
                rig.Board.Track(next);
                rig.Board.BuildDue();
                rig.Board.Untrack(next.Id);
            }
        });
        while (!tracking.IsCompleted)
        {
            Assert.Equal(RecordOutcome.Recorded, rig.Record(stays, 0.5));
        }

        await tracking;
        rig.Build(stays);
        Assert.Equal(stays.Id, Assert.Single(rig.Board.Current.Releases).Id);
    }

    [Fact]
    public async Task While_releases_take_the_place_of_one_another_exactly_one_has_the_row()
    {
        var rig = new BoardRig();
        var current = rig.Rolling();
        var replacing = Task.Run(() =>
        {
            for (var i = 0; i < 300; i++)
            {
                var next = BoardRig.Release(version: "3.0." + i, fixes: i % 2 == 0 ? current.Id : null);
                current.Supersede(rig.Now);
                rig.Board.Replace(next, [current]);
                current = next;
            }
        });
        while (!replacing.IsCompleted)
        {
            rig.Board.BuildDue();
            Assert.Single(rig.Board.Current.Releases);
        }

        await replacing;
        rig.Build(current);
        Assert.Equal(current.Id, Assert.Single(rig.Board.Current.Releases).Id);
    }
}
