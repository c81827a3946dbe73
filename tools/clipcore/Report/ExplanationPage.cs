using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using ClipCore.Decomposition;
using ClipCore.Files;
using ClipCore.Images;
using ClipCore.Numerics;
using ClipCore.Reports.Pictures;

namespace ClipCore.Cli.Report;

/// <summary>
/// An explanation as one page that needs no network and no script: what the model saw, where, which parts of it, which head looks where, and why to
/// trust it. The script only lets the reader choose.
/// </summary>
sealed class ExplanationPage
{
    const int WholeWidth = 480;

    readonly Explanation _explanation;
    readonly string[] _pictures;
    readonly StringBuilder _html = new();
    readonly HeadEffect[] _top;
    readonly float[][] _maps;
    readonly string _over;

    ExplanationPage(Explanation explanation, string[] pictures)
    {
        (_explanation, _pictures) = (explanation, pictures);
        _top = explanation.TopHeads(0);
        _maps = [.. Enumerable.Range(0, explanation.TextCount).Select(text => explanation.Map(text, contrast: true))];
        _over = explanation.TextCount > 1 ? "<span class=\"over\">, minus the mean of the other texts</span>" : "";
    }

    /// <summary>The page as HTML.</summary>
    /// <param name="explanation">What it shows.</param>
    /// <param name="pictures">Names of the files beside the page.</param>
    public static string Write(Explanation explanation, string[] pictures)
    {
        ExplanationPage page = new(explanation, pictures);
        page.WriteSeen();
        page.WriteWhere();
        page.WriteParts();
        page.WriteHeads();
        page.WriteTrust();
        page.WriteData();
        return HtmlPage.Document(
            $"{explanation.Texts.Names[0]} · {Path.GetFileName(explanation.ImageName)}", page.Style(), page._html.ToString(), HtmlPage.Resource("explanation.js"));
    }

    string Style() => HtmlPage.Resource("explanation.css")
        .Replace("{{for-light}}", ColorMap.Diverging[0.5f].ToString(), StringComparison.Ordinal)
        .Replace("{{against-light}}", ColorMap.Diverging[-0.5f].ToString(), StringComparison.Ordinal)
        .Replace("{{for-dark}}", ColorMap.Diverging[0.95f].ToString(), StringComparison.Ordinal)
        .Replace("{{against-dark}}", ColorMap.Diverging[-0.95f].ToString(), StringComparison.Ordinal)
        + $":root {{ --photo: url({HtmlPage.DataUri(PngWriter.Encode(_explanation.Image.Rgb, _explanation.Image.Size, _explanation.Image.Size))}); }}\n"
        + (_explanation.Image.Size < 200 ? ".stack::before { image-rendering: pixelated; }\n" : "");

    void WriteSeen()
    {
        PreparedImage image = _explanation.Image;
        string name = HtmlPage.Escape(Path.GetFileName(_explanation.ImageName)), pixels = image.Size < 200 ? " class=\"pixels\"" : "";
        _html.Append($"""
            <header>
            <h1>What did it see?</h1>
            <p>{HtmlPage.Escape(_explanation.Sentence())}</p>
            </header>
            <div class="pictures">
            <figure class="seen"><img{pixels} src="{HtmlPage.DataUri(PngWriter.Encode(image.Rgb, image.Size, image.Size))}" width="{image.Size}" height="{image.Size}" alt="The part of {name} that the model got"><figcaption>What the model got: {image.Size} × {image.Size} pixels</figcaption></figure>
            <figure class="whole"><div class="frame"><img src="{HtmlPage.DataUri(Thumbnail(out int width, out int height))}" width="{width}" height="{height}" alt="{name}, {image.OriginalWidth} by {image.OriginalHeight} pixels">{Frame(image)}</div><figcaption>{name}, {image.OriginalWidth} × {image.OriginalHeight}; the frame is what the model got</figcaption></figure>
            </div>
            <table class="bars">
            <thead><tr><th class="text">text</th><th>probability{(_explanation.Texts.CandidateCount > _explanation.TextCount ? $" (of {_explanation.Texts.CandidateCount} texts, the best {_explanation.TextCount})" : "")}</th><th class="number cosine">cosine</th></tr></thead>
            <tbody>

            """);
        ExplainedTexts texts = _explanation.Texts;
        for (int i = 0; i < texts.Names.Length; i++)
            _html.Append($"""
                <tr><td class="text" dir="auto">{HtmlPage.Escape(texts.Names[i])}</td><td><div class="bar"><span style="--v:{Format.Css(texts.Probabilities[i])}"></span>{Format.Probability(texts.Probabilities[i])}</div></td><td class="number cosine">{Format.Number(texts.Cosines[i])}</td></tr>

                """);
        _html.Append("</tbody>\n</table>\n");
    }

    byte[] Thumbnail(out int width, out int height)
    {
        DecodedImage whole = _explanation.Whole;
        double ratio = Math.Min(1, (double)WholeWidth / Math.Max(whole.Width, whole.Height));
        (width, height) = (Math.Max(1, (int)Math.Round(whole.Width * ratio)), Math.Max(1, (int)Math.Round(whole.Height * ratio)));
        byte[] rgb = Resampling.Resize(
            whole.ToRgb(), whole.Width, whole.Height, 3, Interpolation.Bicubic, width, height, new PixelRectangle(0, 0, width, height));
        return PngWriter.Encode(rgb, width, height);
    }

    static string Frame(PreparedImage image)
    {
        double left = Math.Max(0, image.Seen.X), top = Math.Max(0, image.Seen.Y);
        double right = Math.Min(image.OriginalWidth, image.Seen.X + image.Seen.Width), bottom = Math.Min(image.OriginalHeight, image.Seen.Y + image.Seen.Height);
        return FormattableString.Invariant(
            $"<span style=\"left:{left / image.OriginalWidth:0.##%};top:{top / image.OriginalHeight:0.##%};width:{(right - left) / image.OriginalWidth:0.##%};height:{(bottom - top) / image.OriginalHeight:0.##%}\"></span>");
    }

    void WriteWhere()
    {
        float scale = Heatmap.ScaleOf([.. _maps.SelectMany(map => map)]);
        _html.Append($"""
            <section id="where">
            <h2>Where?</h2>
            <p class="note">What the heads take from each patch: <span id="what">all heads summed</span>{(_explanation.TextCount > 1 ? "<span class=\"over\">, minus the mean of the other texts</span>" : "")}. All maps share one scale; each patch is one cell (the raw map is the truth, smoothing only pleases the eye).</p>
            <div class="controls">
            <label>text <select id="text">{string.Concat(_explanation.Texts.Names.Select((name, i) => $"<option value=\"{i}\">{HtmlPage.Escape(Shorten(name))}</option>"))}</select></label>
            {(_explanation.TextCount > 1 ? "<fieldset><legend class=\"hidden\">What the numbers are</legend><label><input type=\"radio\" name=\"mode\" value=\"contrast\" checked>this text minus the mean of the others</label><label><input type=\"radio\" name=\"mode\" value=\"own\">this text alone</label></fieldset>" : "")}
            <fieldset><legend class="hidden">How the maps are drawn</legend><label><input type="radio" name="drawing" value="raw" checked>raw</label><label><input type="radio" name="drawing" value="smoothed">smoothed</label></fieldset>
            <label>strength <input id="strength" type="range" min="0" max="1" step="0.05" value="0.8"></label>
            <button id="clear" type="button" hidden>show all heads (Esc)</button>
            </div>
            {Legend(scale, "effect on the cosine; negative speaks against")}
            <div class="maps" id="maps">

            """);
        for (int text = 0; text < _explanation.TextCount; text++)
        {
            float total = Explanation.Contrast(_explanation.Texts.Cosines, text);
            WriteStack(_maps[text], scale, $"Heatmap of “{_explanation.Texts.Names[text]}”: {Strongest(_maps[text])}",
                $"<span dir=\"auto\">{HtmlPage.Escape(_explanation.Texts.Names[text])}</span> <span class=\"total\">{Format.Signed(total)}</span>");
        }
        _html.Append("</div>\n<output id=\"readout\" class=\"small readout\"></output>\n</section>\n");
    }

    void WriteParts()
    {
        Explanation explanation = _explanation;
        float scale = 0;
        scale = Math.Max(scale, Math.Abs(Explanation.Contrast(explanation.Embed, 0)));
        for (int layer = 0; layer < explanation.LayerCount; layer++)
        {
            scale = Math.Max(scale, Math.Abs(Explanation.Contrast(explanation.Mlp(layer), 0)));
            for (int head = 0; head < explanation.HeadCount; head++)
                scale = Math.Max(scale, Math.Abs(Explanation.Contrast(explanation.Head(layer, head), 0)));
        }
        scale = scale > 0 ? scale : 1;
        _html.Append($"""
            <section id="parts">
            <h2>Which parts of the model?</h2>
            <p class="note">Direct effects on “<span class="chosen" dir="auto">{HtmlPage.Escape(explanation.Texts.Names[0])}</span>”{_over}: one cell a head, later layers on top; at the right each layer's MLP, at the bottom the embedding.<span class="hint"> Choose a head to see it everywhere.</span></p>
            {Legend(scale, "effect on the cosine")}
            <table class="grid{(explanation.HeadCount > 8 ? " dense" : "")}" id="grid">
            <thead><tr><th class="layer" scope="col">layer</th>{string.Concat(Enumerable.Range(0, explanation.HeadCount).Select(head => $"<th scope=\"col\">H{head}</th>"))}<th scope="col">MLP</th></tr></thead>
            <tbody>

            """);
        for (int layer = explanation.LayerCount - 1; layer >= 0; layer--)
        {
            _html.Append($"<tr><th class=\"layer\" scope=\"row\">L{layer}</th>");
            for (int head = 0; head < explanation.HeadCount; head++)
            {
                float value = Explanation.Contrast(explanation.Head(layer, head), 0);
                string label = $"L{layer}.H{head}";
                _html.Append($"<td><button type=\"button\" class=\"cell {Tone(value)}\" style=\"--v:{Share(value, scale)}\" data-head=\"{layer},{head}\" data-label=\"{label}\" title=\"{label} {Format.Signed(value)}\">{Format.Cell(value)}</button></td>");
            }
            WriteMlp(layer, $"L{layer}.MLP", Explanation.Contrast(explanation.Mlp(layer), 0), scale);
            _html.Append("</tr>\n");
        }
        _html.Append($"<tr><th class=\"layer\" scope=\"row\">embed</th>{string.Concat(Enumerable.Repeat("<td></td>", explanation.HeadCount))}");
        WriteMlp(-1, "Embed", Explanation.Contrast(explanation.Embed, 0), scale);
        _html.Append("</tr>\n</tbody>\n</table>\n");
        WriteWaterfall();
        _html.Append("</section>\n");
    }

    void WriteMlp(int layer, string label, float value, float scale) => _html.Append(
        $"<td class=\"mlp\"><span class=\"value cell {Tone(value)}\" style=\"--v:{Share(value, scale)}\" data-mlp=\"{layer}\" data-label=\"{label}\" title=\"{label} {Format.Signed(value)}\">{Format.Cell(value)}</span></td>");

    void WriteWaterfall()
    {
        List<(string Label, double Value)> parts = [("embed", Explanation.Contrast(_explanation.Embed, 0))];
        for (int layer = 0; layer < _explanation.LayerCount; layer++)
            parts.Add(($"attention {layer}", Explanation.Contrast(_explanation.Attention(layer), 0)));
        for (int layer = 0; layer < _explanation.LayerCount; layer++)
            parts.Add(($"MLP {layer}", Explanation.Contrast(_explanation.Mlp(layer), 0)));
        double sum = 0, low = 0, high = 0;
        foreach ((_, double value) in parts)
        {
            sum += value;
            (low, high) = (Math.Min(low, sum), Math.Max(high, sum));
        }
        double width = high > low ? high - low : 1, from = 0;
        _html.Append($"""
            <table class="waterfall" id="waterfall"><caption class="hidden">The parts in order, each bar beginning where the last one ended; they sum up to the score</caption>
            <tbody>

            """);
        foreach ((string label, double value) in parts)
        {
            WriteBar(label, from, from + value, low, width, value, "");
            from += value;
        }
        WriteBar("sum", 0, sum, low, width, sum, " class=\"total\"");
        _html.Append("</tbody>\n</table>\n");
    }

    void WriteBar(string label, double from, double to, double low, double width, double value, string attribute) => _html.Append(
        $"<tr{attribute}><th scope=\"row\">{label}</th><td><div class=\"track\" style=\"--zero:{Format.Css(-low / width)}\"><i class=\"{Tone(value)}\" style=\"--from:{Format.Css((Math.Min(from, to) - low) / width)};--width:{Format.Css(Math.Abs(to - from) / width)}\"></i></div></td><td class=\"number\">{Format.Signed(value)}</td></tr>\n");

    void WriteHeads()
    {
        float[][] maps = [.. _top.Select(head => _explanation.HeadMap(head, 0))];
        float scale = Heatmap.ScaleOf([.. maps.SelectMany(map => map)]);
        _html.Append($"""
            <section id="look">
            <h2>Which head looks where?</h2>
            <p class="note">The {_top.Length} heads that speak most for (+) or against (−) “<span class="chosen" dir="auto">{HtmlPage.Escape(_explanation.Texts.Names[0])}</span>”{_over}, and what each takes from every patch. One scale for all.</p>
            {Legend(scale, "effect on the cosine")}
            <div class="sheet" id="sheet">

            """);
        for (int i = 0; i < _top.Length; i++)
            WriteStack(
                maps[i], scale, $"What {_top[i].Label} takes from each patch: {Strongest(maps[i])}; in all {Format.Signed(_top[i].Effect)}",
                $"{_top[i].Label} {Format.Signed(_top[i].Effect)}");
        _html.Append("</div>\n</section>\n");
    }

    void WriteStack(float[] map, float scale, string description, string caption)
    {
        int side = _explanation.PatchRows;
        string layer = HtmlPage.DataUri(PngWriter.Encode(new Heatmap(map, side, side, scale).ToRgba(), side, side));
        _html.Append($"<figure><div class=\"stack\" role=\"img\" aria-label=\"{HtmlPage.Escape(description)}\"><img src=\"{layer}\" alt=\"\"></div><figcaption>{caption}</figcaption></figure>\n");
    }

    void WriteTrust()
    {
        Provenance made = _explanation.Provenance;
        string links = string.Join(" · ", _pictures.Select(name => $"<a href=\"{name}\">{name}</a>"));
        _html.Append($"""
            <section>
            <h2>Can I trust it?</h2>
            <p>The {Format.Count(_explanation.PartCount)} parts (every head's share of every patch, the MLPs and the embedding) add up to the model's scores within {Format.Error(_explanation.Completeness)}; the {Format.Count(_explanation.VectorPartCount)} parts by head add up to its whole output within {Format.Error(_explanation.VectorCompleteness)}. These are direct effects: what a part writes into the output itself, not what it does through later layers.</p>
            <dl>
            <dt>model</dt><dd>{HtmlPage.Escape(made.Model)}</dd>
            <dt>SHA-256 of the weights</dt><dd><code>{made.Sha256}</code></dd>
            <dt>share of the mean</dt><dd>{(made.Convention == Decomposition.MeanShare.Even ? "equal for every component (the paper's convention)" : "every component is centred by its own mean")}</dd>
            <dt>computed with</dt><dd>{made.InstructionSet}, {made.Threads} {(made.Threads == 1 ? "thread" : "threads")}; the numbers are the same bits with any other</dd>
            <dt>version</dt><dd>ClipCore {HtmlPage.Escape(made.Version)}</dd>
            <dt>command</dt><dd><code>{HtmlPage.Escape(made.Command)}</code></dd>
            <dt>files</dt><dd>{links}</dd>
            </dl>
            </section>

            """);
    }

    /// <summary>Everything the script needs; the maps of single heads in 16 bits, since they are only drawn and read to three digits.</summary>
    void WriteData()
    {
        using MemoryStream stream = new();
        // The default encoder also escapes <, > and &, so no text can end the block.
        using (Utf8JsonWriter json = new(stream))
            WriteData(json);
        _html.Append("<script type=\"application/json\" id=\"data\">").Append(Encoding.UTF8.GetString(stream.ToArray())).Append("</script>\n");
    }

    void WriteData(Utf8JsonWriter json)
    {
        Explanation explanation = _explanation;
        json.WriteStartObject();
        json.WriteNumber("layers", explanation.LayerCount);
        json.WriteNumber("heads", explanation.HeadCount);
        json.WriteNumber("rows", explanation.PatchRows);
        json.WriteNumber("texts", explanation.TextCount);
        json.WriteNumber("top", _top.Length);
        json.WriteStrings("names", explanation.Texts.Names);
        json.WriteNumbers("cosines", explanation.Texts.Cosines);
        json.WriteNumbers("for", (ReadOnlySpan<int>)[Heatmap.Positive.Red, Heatmap.Positive.Green, Heatmap.Positive.Blue]);
        json.WriteNumbers("against", (ReadOnlySpan<int>)[Heatmap.Negative.Red, Heatmap.Negative.Green, Heatmap.Negative.Blue]);
        json.WriteNumbers("embed", explanation.Embed);
        json.WriteStartArray("attention");
        for (int layer = 0; layer < explanation.LayerCount; layer++)
            json.WriteNumbers(explanation.Attention(layer));
        json.WriteEndArray();
        json.WriteStartArray("mlps");
        for (int layer = 0; layer < explanation.LayerCount; layer++)
            json.WriteNumbers(explanation.Mlp(layer));
        json.WriteEndArray();
        json.WriteStartArray("headEffects");
        for (int layer = 0; layer < explanation.LayerCount; layer++)
        {
            json.WriteStartArray();
            for (int head = 0; head < explanation.HeadCount; head++)
                json.WriteNumbers(explanation.Head(layer, head));
            json.WriteEndArray();
        }
        json.WriteEndArray();
        json.WriteStartArray("maps");
        for (int text = 0; text < explanation.TextCount; text++)
            json.WriteNumbers(explanation.Map(text, contrast: false));
        json.WriteEndArray();
        (short[] patches, float scale) = Patches();
        json.WriteNumber("patchScale", scale);
        json.WriteBase64String("patches", MemoryMarshal.AsBytes(patches.AsSpan()));
        json.WriteEndObject();
    }

    (short[] Values, float Scale) Patches()
    {
        Explanation e = _explanation;
        float[] values = new float[e.TextCount * e.LayerCount * e.HeadCount * e.PatchCount];
        int at = 0;
        for (int text = 0; text < e.TextCount; text++)
            for (int layer = 0; layer < e.LayerCount; layer++)
                for (int head = 0; head < e.HeadCount; head++)
                    for (int patch = 0; patch < e.PatchCount; patch++)
                        values[at++] = e.Patch(layer, head, patch)[text];
        float scale = Heatmap.ScaleOf(values) / short.MaxValue;
        return ([.. values.Select(value => (short)Math.Round(value / scale))], scale);
    }

    string Strongest(float[] map)
    {
        int best = 0;
        for (int i = 1; i < map.Length; i++)
            if (map[i] > map[best])
                best = i;
        return $"strongest in row {(best / _explanation.PatchRows) + 1}, column {(best % _explanation.PatchRows) + 1} with {Format.Signed(map[best])}";
    }

    static string Legend(float scale, string unit)
    {
        StringBuilder steps = new();
        for (int i = -7; i <= 7; i++)
            steps.Append($"<i class=\"cell {Tone(i)}\" style=\"--v:{Format.Css(Math.Abs(i) / 7.0)}\"></i>");
        return $"<div class=\"legend small\"><span class=\"end\">{Format.Signed(-scale)}</span><span class=\"steps\" aria-hidden=\"true\">{steps}</span><span class=\"end\">{Format.Signed(scale)}</span><span>{unit}</span></div>";
    }

    static string Tone(double value) => value >= 0 ? "plus" : "minus";

    static string Share(float value, float scale) => Format.Css(Math.Min(Math.Abs(value) / scale, 1));

    static string Shorten(string text) => text.Length <= 80 ? text : string.Concat(text.AsSpan(0, 79), "…");
}
