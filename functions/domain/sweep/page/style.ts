/** Colours have a contrast of 4.5 and more on both of their grounds. */
const LIGHT = `--ground:#fff;--panel:#f6f8fa;--text:#1f2328;--muted:#57606a;--line:#d0d7de;--accent:#0550ae;--critical:#8a0016;--high:#a83c00;--medium:#6b5400;--low:#1f5fa8;--good:#116329;--chart:#2f6fbf;--a:#9cc3f0;--b:#5a96dd;--c:#d98b3a;--d:#b3261e;--rest:#e4e8ec;--removable:#c4690f`

const DARK = `--ground:#0d1117;--panel:#161b22;--text:#e6edf3;--muted:#9da7b3;--line:#3d444d;--accent:#79c0ff;--critical:#ff7b72;--high:#ffa657;--medium:#e3b341;--low:#79c0ff;--good:#56d364;--chart:#58a6ff;--a:#1f4d80;--b:#388bfd;--c:#db8a35;--d:#f85149;--rest:#262c34;--removable:#db8a35`

const FRAME = `
*{box-sizing:border-box}
html{scroll-padding-top:1rem}
body{margin:0 auto;max-width:76rem;padding:1rem clamp(.75rem,2vw,1.5rem) 3rem;background:var(--ground);color:var(--text);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;overflow-wrap:break-word}
h1,h2,h3,p,ul,ol,figure{margin:0}
.repositories th,.repositories td,code{overflow-wrap:anywhere}
section,li,.inside>*,.cards>*{min-width:0}
h2{font-size:1.25rem;margin-bottom:.6rem}
h3{font-size:1rem}
a{color:var(--accent)}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px;border-radius:3px}
main:focus{outline:none}
code,pre{font:.875em/1.45 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
pre{margin:.4rem 0;padding:.5rem .7rem;background:var(--panel);border:1px solid var(--line);border-radius:6px;white-space:pre-wrap}
summary{cursor:pointer}
bdi,code{unicode-bidi:isolate}
time{white-space:nowrap}
.skip{position:absolute;left:-99rem;padding:.5rem 1rem;background:var(--ground)}
.skip:focus{left:1rem}
.note,.when,figcaption,footer,.change,.registry{color:var(--muted);font-size:.875rem}
.late{color:var(--critical);font-weight:600}
.plain{list-style:none;padding:0}
section{margin-top:2rem}
footer{margin-top:3rem;border-top:1px solid var(--line);padding-top:1rem}
nav{margin-top:1.5rem;border-block:1px solid var(--line);padding:.5rem 0}
nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;list-style:none;padding:0}
`

const HEAD = `
header{border:1px solid var(--line);border-left:8px solid var(--tone);border-radius:8px;padding:.8rem 1.1rem;background:var(--panel)}
header.fail{--tone:var(--critical)}
header.unknown{--tone:var(--medium)}
header.pass{--tone:var(--good)}
h1{font-size:1.35rem;line-height:1.3;display:flex;flex-wrap:wrap;align-items:baseline;gap:.2rem .8rem}
.mark{color:var(--tone);font-size:1.7rem}
.meaning{font-weight:600}
.gaps{margin-top:.6rem;padding:.6rem .9rem;border:2px solid var(--high);border-radius:6px;background:var(--ground)}
.gaps ul{padding-left:1.2rem}
.gap{color:var(--high);font-weight:600}
.cards{display:grid;gap:.8rem;margin-top:.8rem}
@media (min-width:36rem){.cards{grid-template-columns:1fr 1fr}}
@media (min-width:66rem){.cards{grid-template-columns:repeat(4,1fr)}}
.card{margin:0;border:1px solid var(--line);border-radius:8px;padding:.8rem 1rem}
.card h2{font-size:.95rem;color:var(--muted);margin:0}
.big{margin:.1rem 0 .3rem}
.big .figure{font-size:1.9rem;font-weight:700;line-height:1.2;font-variant-numeric:tabular-nums}
.big .change{display:block}
.card ul{font-size:.9rem}
.card details,.card .note,.card p.late{font-size:.85rem;margin-top:.3rem}
.severities{display:grid;gap:.15rem}
.severities .figure{font-weight:600}
.severity{display:inline-block;min-width:4.6rem;text-align:center;border:1.5px solid;border-radius:4px;padding:0 .35rem;font-size:.8rem;font-weight:600;line-height:1.45}
.critical{color:var(--critical)}
.high{color:var(--high)}
.medium{color:var(--medium)}
.low{color:var(--low)}
.informational,.undefined{color:var(--muted)}
`

const TABLES = `
.wide{overflow-x:auto;container-type:inline-size}
table{border-collapse:collapse;width:100%;font-size:.9rem}
caption{text-align:left;color:var(--muted);font-size:.875rem;padding-bottom:.3rem}
th,td{text-align:left;vertical-align:top;padding:.35rem .6rem;border-bottom:1px solid var(--line)}
thead th{white-space:nowrap;border-bottom-width:2px}
tbody th{font-weight:400}
.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.none{color:var(--muted)}
svg.bar{display:inline-block;width:100%;min-width:5rem;height:.75rem;vertical-align:middle;border-radius:2px}
td.number svg.bar{width:5rem}
.rest{fill:var(--rest)}
.score{fill:var(--chart)}
.stored{fill:var(--b)}
.removable{fill:var(--removable)}
.young{fill:var(--a)}
.grown{fill:var(--b)}
.old{fill:var(--c)}
.ancient{fill:var(--d)}
svg.trend{display:block;width:100%;height:auto}
.grid{stroke:var(--line);fill:none;vector-effect:non-scaling-stroke}
.line{stroke:var(--chart);stroke-width:2;fill:none;vector-effect:non-scaling-stroke}
.end{fill:var(--chart)}
figure{display:grid;grid-template-columns:auto 1fr;gap:0 .5rem}
figcaption{grid-column:2}
.axis{display:flex;flex-direction:column;justify-content:space-between;color:var(--muted);font-size:.8rem;text-align:right}
.fixes{padding-left:1.6rem;display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,26rem),1fr));gap:.9rem 2.4rem}
#bases tbody th{min-width:11rem}
#bases tbody .note{display:block}
.verdicts,.images{padding-left:1.1rem}
.verdicts li,.images li{margin:.3rem 0}
.inside{padding:.5rem 0 1rem;display:grid;gap:.4rem}
`

const REPOSITORIES = `
.repositories{table-layout:fixed}
.repositories>thead th{white-space:normal;vertical-align:bottom;overflow-wrap:normal;padding-inline:.3rem}
.repositories>tbody>tr>td{padding-inline:.3rem}
.repositories>thead th:first-child{width:26%}
.repositories>thead th:nth-child(2){width:11%}
.repositories>tbody>tr>th>details>.inside{width:calc(100cqi - 1.2rem)}
.repositories .registry{display:block;padding-left:1rem}
thead button{font:inherit;font-weight:600;color:inherit;background:none;border:0;padding:0;cursor:pointer;text-decoration:underline dotted;text-underline-offset:3px}
[aria-sort=ascending] button::after{content:" ▲"}
[aria-sort=descending] button::after{content:" ▼"}
form{display:flex;flex-wrap:wrap;gap:.6rem 1rem;margin-bottom:.6rem}
form[hidden]{display:none}
label{display:grid;gap:.1rem;font-size:.85rem;color:var(--muted)}
input,select,#more{font:inherit;font-size:1rem;color:var(--text);background:var(--ground);border:1px solid var(--muted);border-radius:6px;padding:.35rem .6rem;max-width:100%}
select{width:13rem}
input{width:16rem}
input::placeholder{color:var(--muted);opacity:1}
#more{margin-top:.8rem;cursor:pointer}
#shown{font-size:.9rem}
`

const PHONE = `
@media (max-width:44rem){
.repositories :is(th,td):is(:nth-child(2),:nth-child(6),:nth-child(7),:nth-child(9),:nth-child(n+10)){display:none}
.repositories .inside :is(th,td){display:table-cell}
.repositories>thead th:first-child{width:44%}
.wide:has(.repositories){overflow-x:visible}
th,td{padding:.35rem .35rem}
label,select,input{width:100%}
}
`

/** On paper, light. */
export const PRINT = `
@media print{
:root{color-scheme:light;${LIGHT}}
body{max-width:none;padding:0;font-size:10pt}
table{font-size:8pt}
thead th{white-space:normal}
th,td{padding:.25rem .35rem}
.registry{font-size:1em}
nav,.skip,form,#more,#shown,#heads-hint,.card details{display:none}
.wide{overflow:visible}
.card,.fixes li,tr,figure,header{break-inside:avoid}
h2,h3{break-after:avoid}
thead button{text-decoration:none}
svg{print-color-adjust:exact}
a[href^=https]::after{content:" (" attr(href) ")";font-size:.8em}
}
`

/** Colours, light and dark, and the look of what every page has: head, sections, tables. */
export const THEME = `:root{color-scheme:light dark;${LIGHT}}
@media (prefers-color-scheme:dark){:root{${DARK}}}
${FRAME}${HEAD}${TABLES}`

/** All of the look of the page, on screens, phones and paper, light and dark. */
export const STYLE = `${THEME}${REPOSITORIES}${PHONE}${PRINT}`
