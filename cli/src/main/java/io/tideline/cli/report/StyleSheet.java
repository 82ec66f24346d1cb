package io.tideline.cli.report;

/** How a report looks, by day and by night. */
final class StyleSheet {
  static final String TEXT =
      """
      :root { --page: #f7f8fa; --card: #fff; --ink: #1c2430; --soft: #66707f; --edge: #e2e6ec;
        --rows: #2f6fde; --indexes: #8fb4f4; --toast: #f0b04a; --critical: #c62f3b;
        --warning: #b06a00; --info: #4a6b8a; --code: #f0f3f7; }
      @media (prefers-color-scheme: dark) { :root { --page: #12161c; --card: #1a2029;
        --ink: #e4e9f0; --soft: #93a0b1; --edge: #2b3441; --rows: #5b93f5; --indexes: #34558c;
        --toast: #c98d2c; --critical: #ff6b76; --warning: #f0b04a; --info: #8fb4d8;
        --code: #232b36; } }
      * { box-sizing: border-box; }
      body { margin: 0; background: var(--page); color: var(--ink);
        font: 15px/1.5 system-ui, -apple-system, "Segoe UI", sans-serif; }
      main { max-width: 960px; margin: 0 auto; padding: 32px 20px 64px; }
      h1 { font-size: 24px; margin: 0 0 4px; overflow-wrap: anywhere; }
      h2 { font-size: 17px; margin: 36px 0 12px; }
      .soft { color: var(--soft); }
      .card { background: var(--card); border: 1px solid var(--edge); border-radius: 10px;
        padding: 16px 18px; margin: 0 0 12px; }
      .figures { display: flex; flex-wrap: wrap; gap: 12px; margin-top: 20px; }
      .figures .card { flex: 1 1 160px; margin: 0; }
      .figures b { display: block; font-size: 21px; font-weight: 600; }
      .finding { border-left: 4px solid var(--info); }
      .finding.warning { border-left-color: var(--warning); }
      .finding.critical { border-left-color: var(--critical); }
      .badge { font-size: 12px; font-weight: 600; text-transform: uppercase;
        letter-spacing: .04em; color: var(--info); margin-right: 8px; }
      .warning .badge { color: var(--warning); } .critical .badge { color: var(--critical); }
      .finding p { margin: 6px 0; }
      code { display: block; background: var(--code); border-radius: 6px; padding: 8px 10px;
        margin: 8px 0 2px; font: 13px/1.45 ui-monospace, Menlo, Consolas, monospace;
        white-space: pre-wrap; overflow-wrap: anywhere; }
      .wide { overflow-x: auto; }
      table { border-collapse: collapse; width: 100%; font-size: 14px; }
      th { text-align: left; color: var(--soft); font-weight: 500; }
      th, td { padding: 6px 20px 6px 0; border-bottom: 1px solid var(--edge);
        white-space: nowrap; }
      td.long { white-space: normal; overflow-wrap: anywhere; }
      .n { text-align: right; font-variant-numeric: tabular-nums; }
      svg { width: 100%; height: auto; display: block; }
      svg text { fill: var(--soft); font-size: 13px; }
      .rows { fill: var(--rows); } .indexes { fill: var(--indexes); } .toast { fill: var(--toast); }
      .line { fill: none; stroke: var(--rows); stroke-width: 2; } .dot { fill: var(--rows); }
      .axis { stroke: var(--edge); }
      .key { font-size: 13px; color: var(--soft); margin: 8px 0 0; }
      .key i { display: inline-block; width: 10px; height: 10px; border-radius: 2px;
        margin: 0 5px 0 14px; }
      """;

  private StyleSheet() {}
}
