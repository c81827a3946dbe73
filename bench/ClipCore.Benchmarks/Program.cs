using BenchmarkDotNet.Running;
using ClipCore.Benchmarks;

if (args is ["--tables", .. string[] topics])
    return Tables.Write(topics);
if (args is ["--int8"])
    return Int8Report.Write();
BenchmarkSwitcher.FromAssembly(typeof(BenchConfig).Assembly).Run(args, BenchConfig.Create());
return 0;
