Console.WriteLine("clipcore");
return 0;
