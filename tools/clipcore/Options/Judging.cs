namespace ClipCore.Cli.Options;

/// <summary>What a command wants with classes.</summary>
enum Judging
{
    /// <summary>Nothing: they are not looked for.</summary>
    None,

    /// <summary>To tell more where they are known.</summary>
    IfKnown,

    /// <summary>To judge by them: labels without names are refused.</summary>
    Required,

    /// <summary>As <see cref="Required"/>, and numbers do not count the model's own classes: groups have classes of their own.</summary>
    Named,
}
