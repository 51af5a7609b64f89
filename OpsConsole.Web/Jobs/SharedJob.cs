using Quartz;

namespace OpsConsole.Web.Jobs;

/// <summary>A job that runs on one console at a time, however many there are on the database.</summary>
/// <param name="Type">The job.</param>
/// <param name="Name">Its name in the database.</param>
/// <param name="Interval">Time from one run to the next.</param>
/// <param name="FirstAfter">Time from when it is first put on the schedule to its first run.</param>
internal sealed record SharedJob(Type Type, string Name, TimeSpan Interval, TimeSpan FirstAfter)
{
    private const string Group = "shared";

    public TriggerKey TriggerKey { get; } = new(Name, Group);

    public IJobDetail Detail() => JobBuilder.Create().OfType(Type).WithIdentity(new JobKey(Name, Group)).Build();

    /// <remarks>A run that nobody could make in time is made as soon as someone can, once.</remarks>
    public ITrigger Trigger(TimeProvider time) => TriggerBuilder.Create(time)
        .WithIdentity(TriggerKey)
        .ForJob(new JobKey(Name, Group))
        .StartAt(time.GetUtcNow() + FirstAfter)
        .WithSimpleSchedule(SimpleScheduleBuilder.Create().WithInterval(Interval).RepeatForever().WithMisfireInstruction(SimpleTriggerMisfireInstruction.NowWithExistingCount))
        .Build();
}
