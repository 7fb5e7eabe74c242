const MONTHS = 'JanFebMarAprMayJunJulAugSepOctNovDec'
/** `Wed Sep 04 16:55:38.411 UTC 2024` */
const NEW = /^\w{3} (\w{3}) (\d\d) (\d\d):(\d\d):(\d\d)(\.\d+)? UTC (\d{4})$/
/** `Dec 3, 2021, 6:02:30 PM`, in UTC; newer Java runtimes write U+202F before AM and PM. */
const OLD = /^(\w{3}) (\d{1,2}), (\d{4}), (\d{1,2}):(\d\d):(\d\d)\s([AP])M$/u

function iso(
  year = '',
  month = '',
  day = '',
  hour: string | number = '',
  minute = '',
  second = '',
): string | undefined {
  const index = MONTHS.indexOf(month)
  if (index < 0 || index % 3 > 0) return undefined
  const millis =
    Date.UTC(Number(year), index / 3, Number(day), Number(hour), Number(minute)) + Math.round(Number(second) * 1_000)
  return new Date(millis).toISOString()
}

/** ISO 8601 instant of a date in either of the forms that Inspector's events have had; undefined where it is in neither. */
export function parseInspectorDate(text: string): string | undefined {
  const recent = NEW.exec(text)
  if (recent) return iso(recent[7], recent[1], recent[2], recent[3], recent[4], `${recent[5]}${recent[6] ?? ''}`)
  const old = OLD.exec(text)
  if (old) return iso(old[3], old[1], old[2], (Number(old[4]) % 12) + (old[7] === 'P' ? 12 : 0), old[5], old[6])
  const instant = /^\d{4}-\d\d-\d\dT/.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(instant) ? undefined : new Date(instant).toISOString()
}
