using System.Diagnostics;
using System.Text.Json;

namespace ClipCore.Peers;

/// <summary>What one pair of runs found. Times are for the whole batch.</summary>
/// <param name="OursMs">Median of ClipCore's times in milliseconds.</param>
/// <param name="PeerMs">Median of ONNX Runtime's.</param>
/// <param name="Ratio">Median of the ratios, the peer's time over ours, pair by pair.</param>
/// <param name="ShareOfPeak">Needed arithmetic over our time, as a share of the measured peak of as many threads.</param>
/// <param name="MaxDifference">Largest difference of any number of the normalised representations.</param>
sealed record PairResult(double OursMs, double PeerMs, double Ratio, double ShareOfPeak, double MaxDifference)
{
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteNumber("ours_ms", OursMs);
        json.WriteNumber("peer_ms", PeerMs);
        json.WriteNumber("ratio", Ratio);
        json.WriteNumber("share_of_peak", ShareOfPeak);
        json.WriteNumber("max_difference", MaxDifference);
        json.WriteEndObject();
    }
}
