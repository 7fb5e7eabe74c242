import * as v from 'valibot'
import { list, mapping, text } from './words.ts'

const MAIL = /^(?=.{3,254}$)[^\s@]+@[^\s@.]+(?:\.[^\s@.]+)+$/

export const OperationsSchema = v.pipe(
  mapping({
    email: v.pipe(
      list(text('an e-mail address', MAIL), 'a list of e-mail addresses, such as [platform@example.com]'),
      v.description('Who gets the alarms by e-mail. Each address confirms the subscription once. May be empty.'),
      v.examples([['platform@example.com']]),
    ),
  }),
  v.description('Who is told when the steward itself does not work: dead-letter queues, errors, delays.'),
)
