import { PRINT, THEME } from '../../../functions/domain/sweep/page/style.ts'

const OWN = `
header.scan{--tone:var(--accent)}
header p{margin-top:.35rem}
h1 .meaning{min-width:0;overflow-wrap:anywhere}
.digest{font-size:.9rem}
h3{margin-top:1rem}
.fixes h3{margin-top:0}
.findings th,.findings td{padding-block:.28rem}
.findings thead th:first-child{width:7.5rem}
.findings thead th:nth-child(2){width:12rem}
.findings td{overflow-wrap:anywhere}
section>details,section>ol+p,section>ul+.note{margin-top:.6rem}
#platforms th,#exceptions th{white-space:nowrap}
section>details>summary{padding:.3rem 0;font-weight:600}
.rules{list-style:none;padding:0;display:grid;gap:1rem}
.rules p{margin-top:.2rem}
@media (max-width:44rem){
th,td{padding:.35rem .3rem}
.findings{table-layout:fixed}
.findings thead th{white-space:normal}
#exceptions table{min-width:40rem}
.findings thead th:first-child{width:6.2rem}
.findings thead th:nth-child(2){width:34%}
.findings :is(th,td).number{display:none}
.findings th{overflow-wrap:anywhere}
}
`

/** All of the look of the page of a result: that of the report of a sweep, and what is its own. */
export const STYLE = `${THEME}${OWN}${PRINT}`
