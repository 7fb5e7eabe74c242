import fc from 'fast-check'
import { HOSTILE } from '../results.ts'

const unit = fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code))

/** Any text, also of halves of letters, with what means something to some format in it. */
export const anyText: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit }),
  fc.string({
    unit: fc.constantFrom(...'=+-@,;"\'<>&[](){}!#:/\\|`* \t\r\n0\u0000\u001b\u0085\u2028\u202e\ud800\udc00\uffff'),
  }),
  fc.string({ unit: 'binary' }),
  fc.constant(HOSTILE),
)
