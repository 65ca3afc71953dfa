using Eclusier.Cli;

return await CommandLine.RunAsync(args);
