namespace ParallelR1.Runs.Reports;

/// <summary>The look of every page: light and dark, nothing fetched.</summary>
internal static class ReportStyle
{
    /// <summary>Of lines, bars and paths, light and dark; where there are more, they begin again.</summary>
    private static readonly (string Light, string Dark)[] s_colors =
        [("#2a6fdb", "#6ea8ff"), ("#d4631f", "#f09a5c"), ("#16916a", "#4cc9a0"), ("#8d4fc4", "#bd8ff0"), ("#c23a66", "#f07b9f"), ("#7c7a1b", "#c9c65a")];

    private static readonly string s_css = $$$"""
        :root{color-scheme:light dark;--bg:#fbfbfa;--card:#fff;--ink:#1f2328;--soft:#667079;--line:#e3e5e8;--grid:#eceef0;--good:#16794c;
        {{{EachColor(i => $"--c{i}:{s_colors[i].Light};")}}}}
        @media(prefers-color-scheme:dark){:root{--bg:#14171a;--card:#1c2024;--ink:#e6e9ec;--soft:#98a2ac;--line:#30363c;--grid:#2a2f35;--good:#5fcf9a;
        {{{EachColor(i => $"--c{i}:{s_colors[i].Dark};")}}}}}
        *{box-sizing:border-box}
        body{margin:0;background:var(--bg);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
        main{max-width:1320px;margin:0 auto;padding:28px 24px 64px}
        h1{font-size:24px;margin:0 0 2px}h2{font-size:17px;margin:36px 0 10px}
        .sub{color:var(--soft);margin:0 0 8px}
        .charts{display:grid;grid-template-columns:repeat(auto-fill,minmax(380px,1fr));gap:14px}
        figure{margin:0;background:var(--card);border:1px solid var(--line);border-radius:8px;padding:12px 12px 10px}
        figcaption{margin:0 4px 4px}figcaption span{color:var(--soft);font-size:13px}
        svg{display:block;width:100%;height:auto}
        .grid{stroke:var(--grid);stroke-width:1}.axis{fill:var(--soft);font-size:10.5px;font-variant-numeric:tabular-nums}
        polyline{fill:none;stroke:var(--k);stroke-linejoin:round;stroke-linecap:round}
        .line{stroke-width:2}.raw{stroke-width:1;opacity:.32}
        .hover{fill:transparent}.hover:hover,.dot{fill:var(--k);stroke:var(--card);stroke-width:1.5}
        .fill{fill:var(--k)}
        {{{EachColor(i => $".c{i}{{--k:var(--c{i})}}")}}}
        .legend{display:flex;flex-wrap:wrap;gap:2px 16px;margin:4px 4px 0;font-size:12.5px;color:var(--soft)}
        .legend i{display:inline-block;width:10px;height:10px;border-radius:2px;background:var(--k);margin-right:6px}
        .legend b{color:var(--ink);font-variant-numeric:tabular-nums}
        .scroll{overflow-x:auto;background:var(--card);border:1px solid var(--line);border-radius:8px}
        table{border-collapse:collapse;width:100%;font-size:14px;font-variant-numeric:tabular-nums}
        th,td{padding:8px 14px;text-align:right;white-space:nowrap;border-bottom:1px solid var(--line)}
        tr:last-child td{border-bottom:0}th{color:var(--soft);font-weight:600;font-size:12.5px}
        th:first-child,td:first-child{text-align:left}td small{color:var(--soft)}td.best{font-weight:700}
        .words td{vertical-align:top}.words td:first-child{white-space:normal}.words td:nth-child(n+5),.words th:nth-child(n+5){text-align:left;white-space:normal;min-width:11em}
        .sample{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:14px 16px;margin:0 0 14px}
        .sample h3{font-size:14px;margin:0 0 8px;font-weight:600}.sample h3 span{color:var(--soft);font-weight:400;margin-left:8px}
        .question{color:var(--soft);white-space:pre-wrap;overflow-wrap:anywhere;margin:0 0 10px}
        .text{white-space:pre-wrap;overflow-wrap:anywhere;margin:0 0 6px}
        .answer{color:var(--good)}
        .block{border-left:2px solid var(--line);margin:8px 0 10px;padding:2px 0 2px 14px}
        .tag{font-size:11px;letter-spacing:.04em;text-transform:uppercase;color:var(--soft);margin:0 0 4px}
        .paths{display:flex;gap:10px;align-items:stretch;overflow-x:auto}
        .path{flex:1 1 0;min-width:220px;border:1px solid var(--line);border-top:3px solid var(--k,var(--line));border-radius:6px;padding:8px 10px}
        .path>.tag{color:var(--k,var(--soft))}
        .summary{margin-top:10px;border:1px solid var(--line);border-radius:6px;padding:8px 10px;background:var(--bg)}
        .missing{color:var(--soft);font-style:italic}
        details{margin:10px 0;background:var(--card);border:1px solid var(--line);border-radius:8px;padding:8px 14px}
        summary{cursor:pointer}pre{overflow-x:auto;font-size:12.5px;line-height:1.45}
        footer{color:var(--soft);font-size:12.5px;margin-top:40px}
        @media(max-width:520px){main{padding:18px 12px}.charts{grid-template-columns:1fr}.paths{flex-direction:column}}
        """;

    /// <summary>The class of what has a colour.</summary>
    /// <param name="index">Which, from 0; there is one for every number.</param>
    public static string ColorClass(int index) => $"c{index % s_colors.Length}";

    /// <summary>A whole page around its content.</summary>
    public static string Page(string title, Html content) => new Html()
        .Add($"<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>{title}</title><style>")
        .Raw(s_css)
        .Raw("</style></head><body><main>")
        .Raw(content.ToString())
        .Raw("</main></body></html>\n")
        .ToString();

    private static string EachColor(Func<int, string> rule) => string.Concat(Enumerable.Range(0, s_colors.Length).Select(rule));
}
