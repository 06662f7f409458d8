using ParallelR1.Grading.Semantic;

namespace ParallelR1.Tests.Grading;

public sealed class BudgetTests
{
    [Fact]
    public void Steps_end_a_budget_and_a_pause_of_the_machine_does_not()
    {
        var budget = new Budget();
        Thread.Sleep(80);

        for (var i = 0; i < Budget.MaximumSteps; i++)
            budget.Spend();

        Assert.Throws<BudgetExceededException>(() => budget.Spend());
    }
}
