using System.Globalization;

namespace ClipCore.DataSets;

/// <summary>One column of labels: all numbers, or all words.</summary>
/// <param name="Labels">For each row the number, or the place of the word among the names; −1 where it is missing. [rows]</param>
/// <param name="Names">The words, each once, in ordinal order; empty for numbers.</param>
sealed record LabelColumn(int[] Labels, string[] Names)
{
    const NumberStyles Spellings = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    // How pandas spells what is missing, and reads it.
    static readonly HashSet<string> s_missing = ["", "null", "NULL", "NaN", "nan", "NA", "N/A", "n/a", "<NA>", "None"];

    /// <summary>Reads a column.</summary>
    /// <param name="list">The list's name, for messages.</param>
    /// <param name="values">For each row where it stands, and the value.</param>
    /// <param name="areNames">Whether numbers are words.</param>
    /// <exception cref="DataSetException">Some are words and some numbers, or a number is no label.</exception>
    public static LabelColumn Read(string list, IReadOnlyList<(string Place, string Value)> values, bool areNames)
    {
        int[] labels = new int[values.Count];
        int firstNumber = -1, firstWord = -1;
        for (int i = 0; i < labels.Length; i++)
        {
            string value = values[i].Value;
            labels[i] = -1;
            if (s_missing.Contains(value))
                continue;
            if (areNames || !IsNumber(value, out double number))
            {
                firstWord = firstWord < 0 ? i : firstWord;
                continue;
            }
            if (number != -1)
                firstNumber = firstNumber < 0 ? i : firstNumber;
            labels[i] = number == Math.Floor(number) && number is >= -1 and < int.MaxValue ? (int)number
                : throw new DataSetException($"{list}, {values[i].Place}: '{value}' is no label: numbers are whole, from 0, or −1 for none.");
        }
        if (firstWord < 0)
            return new LabelColumn(labels, []);
        if (firstNumber >= 0)
            throw new DataSetException(
                $"{list}: '{values[firstWord].Value}' ({values[firstWord].Place}) is a word, "
                + $"but '{values[firstNumber].Value}' ({values[firstNumber].Place}) is a number: "
                + "use words in all lines, or numbers, or set ImageSetOptions.LabelsAreNames if those numbers are names.");
        string[] names = [.. values.Select(value => value.Value).Where(value => IsName(value, areNames)).Distinct().Order(StringComparer.Ordinal)];
        for (int i = 0; i < labels.Length; i++)
            labels[i] = IsName(values[i].Value, areNames) ? Array.BinarySearch(names, values[i].Value, StringComparer.Ordinal) : -1;
        return new LabelColumn(labels, names);
    }

    /// <summary>Whether a value says that there is none.</summary>
    public static bool IsMissing(string value) => s_missing.Contains(value);

    /// <summary>Whether a value is a number: digits with a sign, a fraction and an exponent if you like (3, +3, 3.0, 3e0).</summary>
    public static bool IsNumber(string value, out double number) =>
        double.TryParse(value, Spellings, CultureInfo.InvariantCulture, out number)
        && double.IsFinite(number) && value.Any(char.IsAsciiDigit);

    /// <summary>Among words, what is left of numbers is −1: missing.</summary>
    static bool IsName(string value, bool areNames) => !s_missing.Contains(value) && (areNames || !IsNumber(value, out _));
}
