using BenchmarkDotNet.Running;
using ClipCore.Benchmarks;

if (args is ["--tables", .. string[] topics])
    return Tables.Write(topics);
BenchmarkSwitcher.FromAssembly(typeof(BenchConfig).Assembly).Run(args, BenchConfig.Create());
return 0;
