using ParallelR1.Cli;

return await CommandLineApp.RunAsync(args).ConfigureAwait(false);
