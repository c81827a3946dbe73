namespace ClipCore.Ablation;

/// <summary>Counts images that are right, by group; an image without an attribute belongs to no group.</summary>
sealed class GroupCounts
{
    readonly SortedDictionary<(int Class, int Attribute), (long Right, long All)> _groups = [];
    long _right, _all;

    public void Add(int label, int attribute, bool isRight)
    {
        long right = isRight ? 1 : 0;
        _right += right;
        _all++;
        if (attribute < 0)
            return;
        (long before, long images) = _groups.GetValueOrDefault((label, attribute));
        _groups[(label, attribute)] = (before + right, images + 1);
    }

    public GroupAccuracy ToAccuracy()
    {
        SortedDictionary<(int, int), double> shares = [];
        foreach (((int, int) group, (long right, long all)) in _groups)
            shares[group] = (double)right / all;
        return new GroupAccuracy(shares, (double)_right / _all);
    }
}
