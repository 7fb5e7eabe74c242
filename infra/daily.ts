/** Hours after which a run is missed that comes every day. */
export const MISSED = 26

/** Whether a schedule comes at least once a day. */
export const isDaily = (schedule: string): boolean =>
  /^(?:cron\(\S+ \S+ (?:\* \* \?|\? \* \*) \*\)|rate\(1 days?\))$/.test(schedule)
