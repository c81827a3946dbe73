using ClipCore.Cli;

return Launcher.HandOver(args) ?? CommandLine.Run(args, Console.Out, Console.Error);
