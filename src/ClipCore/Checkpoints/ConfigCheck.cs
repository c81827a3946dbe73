namespace ClipCore.Checkpoints;

/// <summary>Says which value of which file is out of range.</summary>
readonly struct ConfigCheck(string source)
{
    public void Range(string name, int value, int least, int most)
    {
        if (value < least || value > most)
            Fail($"{name} is {value}; it must lie between {least} and {most}");
    }

    public void Fail(string fault) => throw new ConfigException(source, $"invalid configuration: {fault}.");
}
