using OpsConsole.Core.Gates.Migrations.Statements;

namespace OpsConsole.Core.Gates.Migrations.Checks;

/// <summary>Finds which statements of a Transact-SQL script a condition decides about: the one behind IF or ELSE, or the block there, and what is in a CATCH.</summary>
internal static class Guards
{
    public static void Mark(IReadOnlyList<Step> steps)
    {
        var blocks = new Stack<bool>();
        var inside = 0;
        var tried = 0;
        var pending = false;
        foreach (var step in steps)
        {
            step.IsTried = tried > 0;
            var words = (step as OtherStep)?.Words;
            if (words is "if" or "else" or "while")
            {
                step.IsGuarded = inside > 0;
                pending = true;
            }
            else if (words == "begin")
            {
                var guards = pending || step.Statement.Read().Ahead(1).Is("catch");
                tried += step.Statement.Read().Ahead(1).Is("try") ? 1 : 0;
                blocks.Push(guards);
                inside += guards ? 1 : 0;
                pending = false;
            }
            else if (words == "end")
            {
                tried = Math.Max(0, tried - (step.Statement.Read().Ahead(1).Is("try") ? 1 : 0));
                inside -= blocks.TryPop(out var guarded) && guarded ? 1 : 0;
                pending = false;
            }
            else
            {
                step.IsGuarded = pending || inside > 0;
                pending = false;
            }
        }
    }
}
