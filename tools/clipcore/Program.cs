using ClipCore.Cli;

return CommandLine.Run(args);
