import { grouped } from '../../counted.ts'
import type { TrendPoint } from '../report.ts'
import { type Html, html } from './html.ts'

const WIDTH = 600
const HEIGHT = 120

const place = (n: number): string => n.toFixed(1)

/** Points of a line from 0 to 100, in the whole of the box. */
function pointsOf(values: readonly number[]): string[] {
  const step = WIDTH / (values.length - 1)
  return values.map((value, n) => `${place(n * step)},${place(HEIGHT - (value / 100) * HEIGHT)}`)
}

/** What the line shows, for who does not see it. @param trend of two sweeps or more */
export function trendText(trend: readonly TrendPoint[]): string {
  const scores = trend.map(({ score }) => Math.round(score))
  const days = trend.map(({ at }) => at.slice(0, 10))
  return `Score over ${grouped(trend.length)} sweeps: ${scores[0]} on ${days[0]}, ${scores.at(-1)} on ${days.at(-1)}, between ${Math.min(...scores)} and ${Math.max(...scores)}.`
}

/** Score over time, 0 to 100, as a line. @param trend of two sweeps or more */
export function trendChart(trend: readonly TrendPoint[]): Html {
  const points = pointsOf(trend.map(({ score }) => score))
  return html`<svg class="trend" viewBox="-6 -6 ${WIDTH + 12} ${HEIGHT + 12}" role="img" aria-label="${trendText(trend)}">
<path class="grid" d="M0 0H${WIDTH}M0 ${HEIGHT / 2}H${WIDTH}M0 ${HEIGHT}H${WIDTH}"/>
<polyline class="line" points="${points.join(' ')}"/>
<circle class="end" cx="${WIDTH}" cy="${(points.at(-1) as string).split(',').slice(1)}" r="4"/></svg>`
}

/** Parts of a whole beside each other. The numbers stand beside it: who does not see it misses nothing. */
export function bar(parts: readonly { readonly value: number; readonly kind: string }[], whole: number): Html {
  const scale = whole > 0 ? 100 / whole : 0
  const starts = parts.map((_, n) => parts.slice(0, n).reduce((sum, { value }) => sum + value * scale, 0))
  const rects = parts.map(
    ({ value, kind }, n) =>
      html`<rect class="${kind}" x="${place(starts[n] as number)}" width="${place(value * scale)}" height="8"/>`,
  )
  return html`<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"><rect class="rest" width="100" height="8"/>${rects}</svg>`
}
