using System.Globalization;
using ClipCore.Reports.Pictures;

namespace ClipCore.Reports.Retrieval;

/// <summary>What was found, as a contact sheet. Safe for many threads.</summary>
public static class RetrievalSheet
{
    const int Tile = 192, Columns = 4;

    /// <summary>Draws the pictures of the question, then the images found, each with its score.</summary>
    /// <param name="report">What was asked and found; its pictures are of one size.</param>
    /// <exception cref="ArgumentException">The pictures differ in size.</exception>
    public static Canvas Draw(RetrievalReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        int side = report.Queries.Concat(report.Found).FirstOrDefault()?.Image.Size ?? Tile, zoom = Math.Max(1, Tile / side);
        ContactSheet sheet = new(side * zoom, Columns, [.. report.Terms]);
        foreach (RetrievalPicture query in report.Queries)
            sheet.Add(Canvas.Of(query.Image, zoom), "query", query.Note);
        for (int i = 0; i < report.Found.Count; i++)
        {
            RetrievalPicture found = report.Found[i];
            sheet.Add(Canvas.Of(found.Image, zoom), string.Create(CultureInfo.InvariantCulture, $"{i + 1}: {found.Score:0.000}"), found.Name, found.Note);
        }
        return sheet.Draw();
    }
}
