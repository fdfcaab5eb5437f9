import { type Html, verbatim } from "./html.ts";

/** Brown to teal, told apart by lightness too; each with the text colour that reads on it (at least 4.5 : 1). */
const palette = [
  { fill: "#8c510a", text: "#ffffff" },
  { fill: "#dfbf78", text: "#1a1a1a" },
  { fill: "#dde3e3", text: "#1a1a1a" },
  { fill: "#6fc0b4", text: "#1a1a1a" },
  { fill: "#01665e", text: "#ffffff" },
] as const;

/** The style sheet of the report, with one class per rating band, lowest first. */
export const styleSheet = (bandCount: number): Html =>
  verbatim(
    `<style>${Array.from({ length: bandCount }, (_, band) => bandRule(band, bandCount)).join("")}${rules}</style>`,
  );

function bandRule(band: number, bandCount: number): string {
  const place = bandCount < 2 ? 4 : Math.round((band * (palette.length - 1)) / (bandCount - 1));
  const { fill, text } = palette[place] ?? palette[4];
  return `.band-${band}{fill:${fill};background:${fill};color:${text}}svg.chart .on-band-${band}{fill:${text}}`;
}

const rules = `
:root{--ink:#1b2226;--soft:#55606a;--line:#d5dadd;--paper:#fff;--wash:#f4f6f6;--accent:#0b5d6b}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--wash);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,"Noto Sans",sans-serif}
main{max-width:1120px;margin:0 auto;padding:32px 28px 64px}
section{background:var(--paper);border:1px solid var(--line);border-radius:6px;padding:24px 28px;margin-top:24px}
h1{font-size:30px;line-height:1.2;margin:0 0 6px;letter-spacing:-.01em}
h2{font-size:22px;line-height:1.25;margin:0 0 4px}
h3{font-size:16px;margin:28px 0 8px}
p{margin:0 0 12px;max-width:84ch}
a{color:var(--accent)}
.lead,.note{color:var(--soft)}
.note{font-size:14px}
nav{margin-top:10px}
nav a{margin-right:18px}
dl.headline{display:grid;grid-template-columns:repeat(auto-fit,minmax(128px,1fr));gap:12px 18px;margin:20px 0 0}
dl.headline div{border-top:2px solid var(--ink);padding-top:6px}
dl.headline dt{font-size:14px;color:var(--soft)}
dl.headline dd{margin:0;font-size:20px;font-weight:600;font-variant-numeric:tabular-nums;white-space:nowrap}
table{width:100%;border-collapse:collapse;font-size:15px;line-height:1.35}
caption{text-align:left;color:var(--soft);font-size:14px;padding-bottom:6px}
th,td{text-align:left;vertical-align:middle;padding:6px 10px 6px 0;border-bottom:1px solid var(--line)}
th{font-weight:600}
thead th{font-size:14px;color:var(--soft);border-bottom:1.5px solid var(--ink);vertical-align:bottom}
tbody th small,td small{display:block;font-weight:400;font-size:13px;color:var(--soft)}
.num{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.date,.nowrap{white-space:nowrap}
.top td,.top th{vertical-align:top}
.wide{overflow-x:auto}
.chip{display:inline-block;padding:1px 9px;border-radius:10px;border:1px solid rgba(0,0,0,.45);font-size:13.5px;font-weight:600;white-space:nowrap}
.chip.plain{background:#fff;color:var(--ink)}
.legend{display:flex;flex-wrap:wrap;gap:8px 12px;padding:0;margin:0 0 12px;list-style:none}
svg.chart{display:block;width:100%;height:auto;font-size:13px}
svg.chart+.wide{margin-top:16px}
svg.chart text{fill:var(--ink)}
svg .track{fill:#eceff0}
svg [class^=band-]{stroke:#333;stroke-width:.6}
svg .bound{stroke:#333;stroke-width:1}
svg .bound.strong{stroke-width:2.5}
svg .trend{fill:none;stroke:var(--soft);stroke-width:1.5}
svg .dot{fill:var(--soft)}
svg .dot.last{fill:var(--ink)}
svg .below{fill:#e3c9a8}
svg .between{fill:#e6eaeb}
svg .beyond{fill:#b5ddd5}
svg .measure{fill:#123}
svg .slot{fill:#fff;stroke:#55606a}
svg .earned{fill:#2b6b70}
svg.chart .earned-text{fill:#fff}
svg.chart .key{font-size:15px}
.num+:not(.num){padding-left:14px}
svg .unrated,.chip.unrated{fill:#fff;background:#fff;color:var(--ink);stroke:#333;stroke-width:1;stroke-dasharray:4 3;border-style:dashed}
svg.chart text.inside{font-size:15px;font-weight:600}
svg.chart text.row-label{font-size:15px}
.cols{display:grid;grid-template-columns:repeat(auto-fit,minmax(250px,1fr));gap:8px 36px}
.cols h3{margin-top:16px}
ul{padding-left:20px;margin:0 0 12px}
.scoreline{display:flex;flex-wrap:wrap;align-items:baseline;gap:6px 18px;margin:12px 0}
.scoreline strong{font-size:40px;line-height:1;font-variant-numeric:tabular-nums}
.callout{border-left:4px solid var(--accent);background:var(--wash);padding:10px 16px;margin:16px 0}
.callout p:last-child{margin:0}
blockquote{margin:0 0 12px;padding-left:14px;border-left:3px solid var(--line)}
blockquote footer{font-size:14px;color:var(--soft)}
ol.timeline{list-style:none;margin:0;padding:0 0 0 22px;border-left:2px solid var(--line)}
ol.timeline li{position:relative;padding-bottom:12px}
ol.timeline li:last-child{padding-bottom:0}
ol.timeline li::before{content:"";position:absolute;left:-29px;top:6px;width:12px;height:12px;border-radius:50%;background:#fff;border:2.5px solid var(--soft)}
ol.timeline li.approved::before{background:#01665e;border-color:#01665e}
ol.timeline li.returned::before,ol.timeline li.rejected::before{background:#8c510a;border-color:#8c510a;border-radius:0}
ol.timeline time{display:inline-block;min-width:104px;color:var(--soft);font-variant-numeric:tabular-nums}
ol.timeline .note{display:block;margin-left:108px}
code{font:13px ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace;overflow-wrap:anywhere}
@media (max-width:860px){main{padding:20px 12px 40px}section{padding:18px 16px}table{font-size:14px}th,td{padding-right:8px}.extra{display:none}.extra+*{padding-left:14px}dl.headline dd{font-size:17px}}
@media print{
@page{margin:14mm}
body{background:#fff;font-size:11pt}
main{max-width:none;padding:0}
section{border:0;padding:0;break-before:page}
section:first-of-type{break-before:auto}
nav{display:none}
tr,figure,blockquote,li,.callout,svg{break-inside:avoid}
thead{display:table-header-group}
h2,h3{break-after:avoid}
*{-webkit-print-color-adjust:exact;print-color-adjust:exact}
}
`;
