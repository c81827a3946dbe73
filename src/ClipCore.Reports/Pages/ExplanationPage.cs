using System.Text;
using ClipCore.Decomposition;
using ClipCore.Explanation;
using ClipCore.Images;
using ClipCore.Reports.Explanations;
using ClipCore.Reports.Pages.Parts;
using ClipCore.Reports.Pictures;

namespace ClipCore.Reports.Pages;

/// <summary>
/// An explanation as one page that needs no network and no script: what the model saw, where, which parts of it, which head looks where, and why to
/// trust it. The script only lets the reader choose. Safe for many threads: each call makes a page of its own.
/// </summary>
public sealed class ExplanationPage
{
    const int WholeWidth = 480, CrispSize = 200, MostOptionCharacters = 80;

    readonly ImageExplanation _explanation;
    readonly Provenance _provenance;
    readonly IReadOnlyList<string> _files;
    readonly StringBuilder _html = new();
    readonly HeadEffect[] _top;
    readonly float[][] _maps;
    readonly string _over;

    ExplanationPage(ImageExplanation explanation, Provenance provenance, IReadOnlyList<string> files)
    {
        (_explanation, _provenance, _files) = (explanation, provenance, files);
        _top = explanation.StrongestHeads(0);
        _maps = [.. Enumerable.Range(0, explanation.TextCount).Select(text => explanation.Map(text, contrast: true))];
        _over = explanation.TextCount > 1 ? "<span class=\"over\">, minus the mean of the other texts</span>" : "";
    }

    /// <summary>The page as HTML.</summary>
    /// <param name="explanation">What it shows.</param>
    /// <param name="provenance">Where it came from.</param>
    /// <param name="files">Names of the files beside the page, to link to; none where it stands alone.</param>
    public static string Write(ImageExplanation explanation, Provenance provenance, IReadOnlyList<string> files)
    {
        ArgumentNullException.ThrowIfNull(explanation);
        ArgumentNullException.ThrowIfNull(provenance);
        ArgumentNullException.ThrowIfNull(files);
        ExplanationPage page = new(explanation, provenance, files);
        page.WriteSeen();
        page.WriteWhere();
        page.WriteParts();
        page.WriteHeads();
        page.WriteTrust();
        page._html.Append("<script type=\"application/json\" id=\"data\">").Append(ExplanationData.Json(explanation, page._top.Length)).Append("</script>\n");
        return HtmlPage.Document(
            $"{explanation.Texts.Names[0]} · {Path.GetFileName(explanation.Picture.Name)}", page.Style(), page._html.ToString(),
            HtmlPage.Resource("explanation.js"));
    }

    bool IsSmall => _explanation.Image.Size < CrispSize;

    string Style() => HtmlPage.Style
        + $":root {{ --photo: url({Photo()}); }}\n"
        + (IsSmall ? ".stack::before { image-rendering: pixelated; }\n" : "");

    string Photo() => HtmlPage.DataUri(PngWriter.Encode(_explanation.Image.Rgb, _explanation.Image.Size, _explanation.Image.Size));

    void WriteSeen()
    {
        PreparedImage image = _explanation.Image;
        DecodedImage whole = _explanation.Picture.Thumbnail(WholeWidth);
        string name = HtmlPage.Escape(Path.GetFileName(_explanation.Picture.Name)), pixels = IsSmall ? " class=\"pixels\"" : "";
        string wholeUri = HtmlPage.DataUri(PngWriter.Encode(whole.Pixels, whole.Width, whole.Height));
        string candidates = _explanation.Texts.CandidateCount > _explanation.TextCount
            ? $" (of {_explanation.Texts.CandidateCount} texts, the best {_explanation.TextCount})" : "";
        _html.Append($"""
            <header>
            <h1>What did it see?</h1>
            <p>{HtmlPage.Escape(ExplanationSentence.Of(_explanation))}</p>
            </header>
            <div class="pictures">
            <figure class="seen">
            <img{pixels} src="{Photo()}" width="{image.Size}" height="{image.Size}" alt="The part of {name} that the model got">
            <figcaption>What the model got: {image.Size} × {image.Size} pixels</figcaption>
            </figure>
            <figure class="whole">
            <div class="frame">
            <img src="{wholeUri}" width="{whole.Width}" height="{whole.Height}" alt="{name}, {image.OriginalWidth} by {image.OriginalHeight} pixels">
            {Frame(image)}
            </div>
            <figcaption>{name}, {image.OriginalWidth} × {image.OriginalHeight}; the frame is what the model got</figcaption>
            </figure>
            </div>
            <table class="bars">
            <thead><tr><th class="text">text</th><th>probability{candidates}</th><th class="number cosine">cosine</th></tr></thead>
            <tbody>

            """);
        ExplainedTexts texts = _explanation.Texts;
        for (int i = 0; i < texts.Names.Count; i++)
        {
            string probability = Format.Probability(texts.Probabilities[i]);
            _html.Append($"<tr><td class=\"text\" dir=\"auto\">{HtmlPage.Escape(texts.Names[i])}</td>");
            _html.Append($"<td><div class=\"bar\"><span style=\"--v:{Format.Css(texts.Probabilities[i])}\"></span>{probability}</div></td>");
            _html.Append($"<td class=\"number cosine\">{Format.Number(texts.Cosines[i])}</td></tr>\n");
        }
        _html.Append("</tbody>\n</table>\n");
    }

    static string Frame(PreparedImage image)
    {
        double width = image.OriginalWidth, height = image.OriginalHeight;
        double left = Math.Max(0, image.Seen.X), top = Math.Max(0, image.Seen.Y);
        double right = Math.Min(width, image.Seen.X + image.Seen.Width), bottom = Math.Min(height, image.Seen.Y + image.Seen.Height);
        string across = FormattableString.Invariant($"left:{left / width:0.##%};width:{(right - left) / width:0.##%}");
        string down = FormattableString.Invariant($"top:{top / height:0.##%};height:{(bottom - top) / height:0.##%}");
        return $"<span style=\"{across};{down}\"></span>";
    }

    void WriteWhere()
    {
        float scale = Heatmap.ScaleOf(_maps);
        string options = string.Concat(_explanation.Texts.Names.Select((name, i) => $"<option value=\"{i}\">{HtmlPage.Escape(Shorten(name))}</option>"));
        string modes = _explanation.TextCount == 1 ? "" : """
            <fieldset><legend class="hidden">What the numbers are</legend>
            <label><input type="radio" name="mode" value="contrast" checked>this text minus the mean of the others</label>
            <label><input type="radio" name="mode" value="own">this text alone</label></fieldset>
            """;
        _html.Append($"""
            <section id="where">
            <h2>Where?</h2>
            <p class="note">What the heads take from each patch: <span id="what">all heads summed</span>{_over}. All maps share one scale;
            each patch is one cell (the raw map is the truth, smoothing only pleases the eye).</p>
            <div class="controls">
            <label>text <select id="text">{options}</select></label>
            {modes}
            <fieldset><legend class="hidden">How the maps are drawn</legend>
            <label><input type="radio" name="drawing" value="raw" checked>raw</label>
            <label><input type="radio" name="drawing" value="smoothed">smoothed</label></fieldset>
            <label>strength <input id="strength" type="range" min="0" max="1" step="0.05" value="0.8"></label>
            <button id="clear" type="button" hidden>show all heads (Esc)</button>
            </div>
            {MapLegend.Html(scale, "effect on the cosine; negative speaks against")}
            <div class="maps" id="maps">

            """);
        for (int text = 0; text < _explanation.TextCount; text++)
        {
            string name = _explanation.Texts.Names[text], total = Format.Signed(ImageExplanation.Contrast(_explanation.Cosines, text));
            _html.Append(PatchMap.Html(
                _maps[text], _explanation.PatchRows, scale, $"Heatmap of “{name}”: {PatchMap.Strongest(_maps[text], _explanation.PatchRows)}",
                $"<span dir=\"auto\">{HtmlPage.Escape(name)}</span> <span class=\"total\">{total}</span>"));
        }
        _html.Append("</div>\n<output id=\"readout\" class=\"small readout\"></output>\n</section>\n");
    }

    void WriteParts()
    {
        ImageExplanation explanation = _explanation;
        float embed = ImageExplanation.Contrast(explanation.Embed, 0);
        float[] mlps = [.. Enumerable.Range(0, explanation.LayerCount).Select(layer => ImageExplanation.Contrast(explanation.Mlp(layer), 0))];
        float[][] heads =
        [
            .. Enumerable.Range(0, explanation.LayerCount).Select(layer =>
                Enumerable.Range(0, explanation.HeadCount).Select(head => ImageExplanation.Contrast(explanation.Head(layer, head), 0)).ToArray()),
        ];
        float scale = Heatmap.ScaleOf([[embed], mlps, .. heads]);
        _html.Append($"""
            <section id="parts">
            <h2>Which parts of the model?</h2>
            <p class="note">Direct effects on “{Chosen()}”{_over}: one cell a head, later layers on top; at the right each layer's MLP,
            at the bottom the embedding.<span class="hint"> Choose a head to see it everywhere.</span></p>
            {MapLegend.Html(scale, "effect on the cosine")}

            """);
        _html.Append(HeadGrid.Html(heads, mlps, embed, scale));
        List<(string Label, double Value)> parts = [("embed", embed)];
        for (int layer = 0; layer < explanation.LayerCount; layer++)
            parts.Add(($"attention {layer}", ImageExplanation.Contrast(explanation.Attention(layer), 0)));
        for (int layer = 0; layer < explanation.LayerCount; layer++)
            parts.Add(($"MLP {layer}", mlps[layer]));
        _html.Append(Waterfall.Html(parts)).Append("</section>\n");
    }

    void WriteHeads()
    {
        float[][] maps = [.. _top.Select(head => _explanation.HeadMap(head.Label.Layer, head.Label.Head, 0))];
        float scale = Heatmap.ScaleOf(maps);
        _html.Append($"""
            <section id="look">
            <h2>Which head looks where?</h2>
            <p class="note">The {_top.Length} heads that speak most for (+) or against (−) “{Chosen()}”{_over}, and what each takes from every patch.
            One scale for all.</p>
            {MapLegend.Html(scale, "effect on the cosine")}
            <div class="sheet" id="sheet">

            """);
        for (int i = 0; i < _top.Length; i++)
        {
            string effect = Format.Signed(_top[i].Effect), strongest = PatchMap.Strongest(maps[i], _explanation.PatchRows);
            _html.Append(PatchMap.Html(
                maps[i], _explanation.PatchRows, scale, $"What {_top[i].Label} takes from each patch: {strongest}; in all {effect}",
                $"{_top[i].Label} {effect}"));
        }
        _html.Append("</div>\n</section>\n");
    }

    string Chosen() => $"<span class=\"chosen\" dir=\"auto\">{HtmlPage.Escape(_explanation.Texts.Names[0])}</span>";

    void WriteTrust()
    {
        Provenance made = _provenance;
        string links = string.Join(" · ", _files.Select(name => $"<a href=\"{HtmlPage.Escape(name)}\">{HtmlPage.Escape(name)}</a>"));
        string convention = _explanation.MeanShare == MeanShare.Even
            ? "equal for every component (the paper's convention)" : "every component is centred by its own mean";
        _html.Append($"""
            <section>
            <h2>Can I trust it?</h2>
            <p>The {Format.Count(_explanation.ScorePartCount)} parts (every head's share of every patch, the MLPs and the embedding) add up to
            the model's scores within {Format.Error(_explanation.ScoreCompleteness)}; the {Format.Count(_explanation.PartCount)} parts by head
            add up to its whole output within {Format.Error(_explanation.Completeness)}. These are direct effects: what a part writes into
            the output itself, not what it does through later layers.</p>
            <dl>
            <dt>model</dt><dd>{HtmlPage.Escape(made.Model.Name)}</dd>
            <dt>SHA-256 of the weights</dt><dd><code>{HtmlPage.Escape(made.Model.Sha256)}</code></dd>
            <dt>share of the mean</dt><dd>{convention}</dd>
            <dt>computed with</dt><dd>{made.InstructionSet}, {made.ThreadsInWords}; the numbers are the same bits with any other</dd>
            <dt>version</dt><dd>ClipCore {HtmlPage.Escape(made.Version)}</dd>
            <dt>command</dt><dd><code>{HtmlPage.Escape(made.Command)}</code></dd>
            {(_files.Count > 0 ? $"<dt>files</dt><dd>{links}</dd>" : "")}
            </dl>
            </section>

            """);
    }

    static string Shorten(string text) => text.Length <= MostOptionCharacters ? text : string.Concat(text.AsSpan(0, MostOptionCharacters - 1), "…");
}
