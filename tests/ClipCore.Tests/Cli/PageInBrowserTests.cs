using System.Diagnostics;
using System.Net;

namespace ClipCore.Tests.Cli;

/// <summary>The page in headless Chromium, where the machine has one: no script error, no horizontal scroll bar, controls that work.</summary>
sealed class PageInBrowserTests
{
    static readonly string[] s_browsers = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    static readonly TemporaryFolder s_folder = new();

    [OneTimeSetUp]
    public void Explain() => CliRun.Good(
        "explain", TestData.Demo("samples/duck-in-forest.png"), "--text", "a duck in a forest", "--text", "a duck on water", "--text", new string('w', 2000),
        "--out", s_folder.File("page"));

    [OneTimeTearDown]
    public void Clean() => s_folder.Dispose();

    [TestCase(320)]
    [TestCase(768)]
    [TestCase(1600)]
    public void Page_FitsItsWidth_AndItsControlsWork(int width)
    {
        string browser = s_browsers.FirstOrDefault(File.Exists) ?? "";
        if (browser.Length == 0)
            Assert.Ignore("There is no Chromium on this machine: skipped.");
        const string Probe = """
            <script>addEventListener("error", event => { document.title += " error:" + event.message; });</script>
            """;
        const string Check = """
            <script>
            const text = selector => document.querySelector(selector).textContent;
            const before = text("#waterfall .total .number");
            document.querySelector('#grid button[data-head="4,3"]').click();
            const select = document.querySelector("#text"); select.value = "1"; select.dispatchEvent(new Event("change"));
            parent.document.title = [document.title, "width=" + document.documentElement.scrollWidth,
              "what=" + text("#what"), "changed=" + (before !== text("#waterfall .total .number")),
              "pressed=" + document.querySelectorAll('#grid button[aria-pressed="true"]').length].join("|");
            </script>
            """;
        string page = File.ReadAllText(Path.Combine(s_folder.File("page"), "index.html"));
        page = page.Replace("<head>", "<head>" + Probe, StringComparison.Ordinal).Replace("</body>", Check + "</body>", StringComparison.Ordinal);
        string wrapper = s_folder.Write($"wrapper-{width}.html", $"""
            <!DOCTYPE html><meta charset="utf-8"><title>none</title>
            <iframe style="border:0" width="{width}" height="900" srcdoc="{WebUtility.HtmlEncode(page)}"></iframe>
            """);

        string title = Title(Dump(browser, wrapper));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(title, Does.Not.Contain("error:"));
            Assert.That(title, Does.Contain($"|width={width}|"), "the page is wider than its window");
            Assert.That(title, Does.Contain("|what=L4.H3 alone|"));
            Assert.That(title, Does.Contain("|changed=true|"));
            Assert.That(title, Does.EndWith("|pressed=1"));
        }
    }

    static string Dump(string browser, string path)
    {
        ProcessStartInfo start = new(browser)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string argument in (string[])
            ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", $"--user-data-dir={s_folder.File("profile")}", "--virtual-time-budget=5000",
                "--window-size=1700,1000", "--dump-dom", new Uri(path).AbsoluteUri])
            start.ArgumentList.Add(argument);
        using Process process = Process.Start(start)!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        string dom = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return dom;
    }

    static string Title(string dom)
    {
        int start = dom.IndexOf("<title>", StringComparison.Ordinal) + 7;
        Assert.That(start, Is.GreaterThan(6), "the browser gave no page");
        return WebUtility.HtmlDecode(dom[start..dom.IndexOf("</title>", start, StringComparison.Ordinal)]);
    }
}
