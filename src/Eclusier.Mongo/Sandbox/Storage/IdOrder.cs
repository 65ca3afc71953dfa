using Eclusier.Mongo.Bson;

namespace Eclusier.Mongo.Sandbox.Storage;

/// <summary>
/// Documents in the order of <c>_id</c>: a merge sort that takes what is in order already as it is, and looks for the end of a stretch before it copies it. Ids grow with
/// time, and copies come range by range, a batch of each in turn: few comparisons are left.
/// </summary>
internal sealed class IdOrder
{
    private readonly BsonValue[] _ids;

    /// <summary>Places in <see cref="_ids"/>.</summary>
    private int[] _order;
    private int[] _merged;

    private IdOrder(IReadOnlyList<BsonDocument> documents)
    {
        _ids = new BsonValue[documents.Count];
        _order = new int[_ids.Length];
        _merged = new int[_ids.Length];
        for (var index = 0; index < _ids.Length; index++)
            (_ids[index], _order[index]) = (documents[index]["_id"], index);
    }

    public static BsonDocument[] Sort(IReadOnlyList<BsonDocument> documents)
    {
        var order = new IdOrder(documents);
        order.Sort();
        return Array.ConvertAll(order._order, index => documents[index]);
    }

    private void Sort()
    {
        for (var ends = Runs(); ends.Count > 1;)
        {
            ends = MergePairs(ends);
            (_order, _merged) = (_merged, _order);
        }
    }

    /// <summary>Where each run that is in order ends.</summary>
    private List<int> Runs()
    {
        var ends = new List<int>();
        for (var index = 1; index <= _ids.Length; index++)
        {
            if (index == _ids.Length || BsonOrder.Instance.Compare(_ids[index - 1], _ids[index]) > 0)
                ends.Add(index);
        }
        return ends;
    }

    private List<int> MergePairs(List<int> ends)
    {
        var merged = new List<int>();
        var start = 0;
        for (var pair = 0; pair < ends.Count; pair += 2)
        {
            var (middle, end) = (ends[pair], ends[Math.Min(pair + 1, ends.Count - 1)]);
            Merge(start, middle, end);
            merged.Add(end);
            start = end;
        }
        return merged;
    }

    private void Merge(int left, int middle, int end)
    {
        var (right, to) = (middle, left);
        while (left < middle && right < end)
        {
            left = Take(left, Stretch(left, middle, _ids[_order[right]]), ref to);
            if (left < middle)
                right = Take(right, Stretch(right, end, _ids[_order[left]]), ref to);
        }
        Take(left, middle, ref to);
        Take(right, end, ref to);
    }

    private int Take(int from, int until, ref int to)
    {
        Array.Copy(_order, from, _merged, to, until - from);
        to += until - from;
        return until;
    }

    /// <summary>The first place that does not belong before a key: by steps that double, then by halving the last one.</summary>
    private int Stretch(int from, int end, BsonValue key)
    {
        var step = 1;
        while (from + step <= end && IsBefore(from + step - 1, key))
            step *= 2;
        var (low, high) = (from + (step / 2), Math.Min(from + step - 1, end));
        while (low < high)
        {
            var half = (low + high) / 2;
            (low, high) = IsBefore(half, key) ? (half + 1, high) : (low, half);
        }
        return low;
    }

    private bool IsBefore(int place, BsonValue key) => BsonOrder.Instance.Compare(_ids[_order[place]], key) < 0;
}
