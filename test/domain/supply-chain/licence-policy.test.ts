import { describe, expect, it, test } from 'vitest'
import { isLicenceFine, licenceText } from '../../../functions/domain/supply-chain/licence-policy.ts'
import { parseLicence } from '../../../functions/domain/supply-chain/sbom/licence.ts'

const ALLOWED = ['MIT', 'Apache-2.0', 'BSD-*', 'ASL 2.0']
const EXCEPTION = 'GPL-2.0-only WITH Classpath-exception-2.0'

describe('whether something may come under a licence', () => {
  test.each<[licence: string | undefined, allowed: readonly string[], denied: readonly string[], fine: boolean]>([
    ['MIT', [], [], true],
    ['MIT', ALLOWED, [], true],
    ['MIT', ['mit'], [], true],
    ['GPL-3.0-only', ALLOWED, [], false],
    ['BSD-3-Clause', ALLOWED, [], true],
    ['MIT OR GPL-3.0-only', ALLOWED, [], true],
    ['MIT AND GPL-3.0-only', ALLOWED, [], false],
    ['MIT AND (GPL-3.0-only OR Apache-2.0)', ALLOWED, [], true],
    ['AGPL-3.0-only', [], ['AGPL-*'], false],
    ['MIT OR AGPL-3.0-only', [], ['AGPL-*'], true],
    ['MIT', ['MIT'], ['MIT'], false],
    // Whoever gets it may choose, so its first version is one of them.
    ['GPL-2.0+', ['GPL-2.0-or-later'], [], true],
    ['GPL-2.0+', ['GPL-2.0'], [], true],
    ['GPL-2.0+', [], ['GPL-2.0+'], false],
    ['GPL-2.0-or-later', ['GPL-2.0+'], [], false],
    // An exception permits more than the licence alone.
    [EXCEPTION, ['GPL-2.0-only'], [], true],
    [EXCEPTION, [EXCEPTION], ['GPL-*'], true],
    [EXCEPTION, [], ['GPL-*'], false],
    [EXCEPTION, ['GPL-2.0-only'], [EXCEPTION], false],
    ['GPL-2.0-only', [EXCEPTION], [], false],
    // What is no expression may be named as it stands.
    ['ASL 2.0', ALLOWED, [], true],
    ['Some Licence', ALLOWED, [], false],
    ['Some Licence', [], ['some *'], false],
    [undefined, ALLOWED, [], false],
  ])('%s, where %j are allowed and %j denied: %s', (licence, allowed, denied, fine) => {
    const one = licence === undefined ? undefined : parseLicence(licence)
    expect(isLicenceFine(one, { allowed, denied, unlicensed: false })).toBe(fine)
  })

  it('may be left open', () => {
    const policy = { allowed: ['MIT'], denied: ['Bad *'], unlicensed: true }
    const fine = [undefined, { unread: 'Some Licence' }, { unread: 'Bad Licence' }, { id: 'GPL-3.0-only' }]
    expect(fine.map((one) => isLicenceFine(one, policy))).toEqual([true, true, false, false])
  })
})

test.each([
  ['MIT OR (Apache-2.0 AND GPL-2.0+)'],
  ['(MIT OR X11) AND GPL-2.0-only WITH Classpath-exception-2.0'],
  ['no expression'],
])('%s is written as it was', (text) => {
  expect(licenceText(parseLicence(text))).toBe(text)
})

test('nothing is written in words', () => {
  expect(licenceText(undefined)).toBe('not said')
})
