import * as v from 'valibot'
import { text } from './words.ts'

/**
 * At most once a day: `at-most` of clean-up is of one plan, and several a day would add up; a report is of a day. Six fields, of which the day of the month or the
 * day of the week is `?`; or a rate in days. The rest is EventBridge Scheduler's to say.
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 */
const SCHEDULE =
  /^(?:cron\([0-5]?\d (?:1?\d|2[0-3]) (?:\? [A-Z0-9*,/-]+ [A-Z0-9*,/#-]+|[0-9LW*,/-]+ [A-Z0-9*,/-]+ \?) [0-9*,/-]+\)|rate\([1-9]\d{0,4} days?\))$/

export const ScheduleSchema = v.pipe(
  text(
    'a schedule in UTC, at most once a day, as EventBridge Scheduler takes it: cron(minute hour day-of-month month day-of-week year) with ? for one of the two days, ' +
      'such as cron(0 3 * * ? *), or rate(1 day)',
    SCHEDULE,
  ),
  v.description('When it runs, at most once a day: cron(…) or rate(…) of EventBridge Scheduler, in UTC.'),
  v.examples(['cron(0 3 * * ? *)', 'rate(1 day)']),
)
