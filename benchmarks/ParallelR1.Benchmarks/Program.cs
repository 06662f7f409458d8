using ParallelR1.Benchmarks;

if (args is not ["grading", var file])
{
    Console.Error.WriteLine("usage: ParallelR1.Benchmarks grading PAIRS.jsonl   (lines with kind, response, answer, label)");
    return 2;
}

GradingBenchmark.Run(file);
return 0;
