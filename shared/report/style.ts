import { typeColors } from '../model/type-colors.ts'
import { colorVariables } from './colors.ts'

/** The style sheet of a report in HTML: calm, light or dark as the reader's system is, and made for paper as well. */
export const style = `:root{${colorVariables('light')};color-scheme:light dark}
@media (prefers-color-scheme:dark){:root{${colorVariables('dark')}}}
@media print{:root{${colorVariables('light')};color-scheme:light}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:15px/1.55 Inter,system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","DejaVu Sans",sans-serif;overflow-wrap:anywhere}
main{max-width:904px;margin:0 auto;padding:44px 32px 64px}
header.top{border-bottom:1px solid var(--line);margin-bottom:28px;padding-bottom:20px}
.kind{color:var(--accent);font-size:12.5px;font-weight:600;letter-spacing:.06em;text-transform:uppercase;margin:0 0 6px}
h1{font-size:29px;line-height:1.2;margin:0 0 8px;font-weight:650;text-wrap:balance}
h2{font-size:22px;line-height:1.25;margin:44px 0 10px;font-weight:650}
h3{font-size:16px;margin:34px 0 8px;font-weight:650}
h4{font-size:14px;margin:18px 0 4px;font-weight:600}
p{margin:0 0 10px}
.meta,.small,figcaption{color:var(--dim);font-size:13px}
.lead{font-size:19px;line-height:1.45;margin:0 0 20px;text-wrap:pretty}
.notes{border-left:3px solid var(--bar);padding:2px 0 2px 14px;margin:16px 0;white-space:pre-wrap}
.numbers{display:grid;grid-template-columns:repeat(auto-fit,minmax(124px,1fr));gap:12px;margin:0 0 8px;padding:0}
.numbers div{background:var(--card);border:1px solid var(--line);border-radius:6px;padding:10px 14px}
.numbers dt{color:var(--dim);font-size:12.5px}
.numbers div{display:flex;flex-direction:column;justify-content:space-between}
.numbers dd{margin:0;font-size:21px;font-weight:600;font-variant-numeric:tabular-nums;line-height:1.3}
.numbers dd.long{font-size:16px;line-height:1.7}
pre{background:var(--card);border:1px solid var(--line);border-radius:6px;padding:12px 14px;font:13px/1.5 ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace;white-space:pre-wrap;margin:0 0 12px}
code{font:.92em ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace}
figure{margin:0 0 16px}
svg{display:block;max-width:100%;height:auto;font-size:12px}
svg text{fill:var(--ink)}
svg .dim{fill:var(--dim)}
.key{display:inline-block;width:11px;height:11px;border-radius:2px;margin:0 5px 0 12px;vertical-align:-1px}
.key.confirmed{background:var(--bar)}.key.pending{background:var(--pending)}.key.line{height:2px;background:var(--ink);vertical-align:3px}
.dot{display:inline-block;width:9px;height:9px;border-radius:50%;margin-right:7px}
${typeColors.light.map((_, code) => `.type-${code}{background:var(--type-${code})}`).join('')}
details{margin:0 0 14px}
summary{color:var(--dim);font-size:13px;cursor:pointer;margin-bottom:6px}
table{border-collapse:collapse;width:100%;font-size:13px;margin:0 0 14px}
th{text-align:left;font-weight:600;color:var(--dim);border-bottom:1px solid var(--line);padding:4px 14px 4px 0;vertical-align:bottom}
td{border-bottom:1px solid var(--line);padding:4px 14px 4px 0;vertical-align:top;min-width:5em}
td.n{min-width:0}
th:last-child,td:last-child{padding-right:0}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
tr.step td{font-weight:600}
tr.step td:first-child{box-shadow:-3px 0 0 var(--bar)}
table.events td:first-child{padding-left:9px}
ul{margin:0 0 12px;padding-left:20px}
li{margin:0 0 3px}
section.behavior{border-top:1px solid var(--line);margin-top:52px}
section.behavior:first-of-type{border:0;margin-top:0}
section.behavior>h2{margin-top:28px}
footer{border-top:1px solid var(--line);margin-top:52px;padding-top:14px;color:var(--dim);font-size:13px}
@page{size:A4;margin:16mm 15mm 18mm;@bottom-right{content:counter(page) " / " counter(pages);font:9pt sans-serif;color:#575e67}}
@media print{body{font-size:10.5pt;-webkit-print-color-adjust:exact;print-color-adjust:exact}main{max-width:none;padding:0}h2,h3,h4,h2+p,h3+p,tbody tr:nth-child(-n+3){break-after:avoid}tbody tr:nth-last-child(-n+3){break-before:avoid}.small{break-before:avoid}figure,.numbers,tr,.finding{break-inside:avoid}section.behavior+section.behavior{break-before:page}svg{width:100%}details{display:none}.numbers{grid-template-columns:repeat(6,1fr);gap:8px}.numbers div{padding:7px 9px}.numbers dt{font-size:8pt}.numbers dd{font-size:13pt}.numbers dd.long{font-size:10.5pt}table{font-size:8.5pt}td,th{padding-right:8px}}
@media (max-width:600px){main{padding:24px 16px}figure{overflow-x:auto}}
`

/** What the policy inside of a report allows: this style sheet and nothing else. Tested to be the hash of {@link style}. */
export const styleHash = 'sha256-hvVoTjhM6+7lBBvqqsvltcnzuConzjjyxXoQo8YxfR0='
