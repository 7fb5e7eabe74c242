import { describe, expect, it, test } from 'vitest'
import { licenceReader, parseLicence } from '../../../functions/domain/supply-chain/sbom/licence.ts'

const [MIT, APACHE, BSD] = [{ id: 'MIT' }, { id: 'Apache-2.0' }, { id: 'BSD-3-Clause' }]

describe('an expression', () => {
  test.each([
    ['MIT', MIT],
    ['MIT OR (Apache-2.0 AND BSD-3-Clause)', { or: [MIT, { and: [APACHE, BSD] }] }],
    ['MIT OR Apache-2.0 AND BSD-3-Clause', { or: [MIT, { and: [APACHE, BSD] }] }],
    ['(MIT OR Apache-2.0) AND BSD-3-Clause', { and: [{ or: [MIT, APACHE] }, BSD] }],
    ['MIT AND Apache-2.0 AND BSD-3-Clause', { and: [MIT, APACHE, BSD] }],
    ['MIT AND (Apache-2.0 AND BSD-3-Clause)', { and: [MIT, APACHE, BSD] }],
    ['MIT\n OR  Apache-2.0', { or: [MIT, APACHE] }],
    ['GPL-2.0+', { id: 'GPL-2.0', orLater: true }],
    ['GPL-2.0-only WITH Classpath-exception-2.0', { id: 'GPL-2.0-only', exception: 'Classpath-exception-2.0' }],
    ['LicenseRef-acme', { id: 'LicenseRef-acme' }],
    ['DocumentRef-a:LicenseRef-b', { id: 'DocumentRef-a:LicenseRef-b' }],
  ])('%s', (text, licence) => {
    expect(parseLicence(text)).toEqual(licence)
  })

  test.each([
    ['words', 'Apache License, Version 2.0'],
    ['an operator without its other half', 'MIT OR'],
    ['something before an identifier, which the parser would pass over', '!!!MIT'],
    ['more than it may hold', Array.from({ length: 600 }, () => 'MIT').join(' OR ')],
    ['brackets within brackets', `${'('.repeat(33)}MIT${')'.repeat(33)}`],
  ])('is not %s', (_, text) => {
    expect(parseLicence(text)).toEqual({ unread: text.slice(0, 200) })
  })

  it('may have some brackets', () => {
    expect(parseLicence(`${'('.repeat(32)}MIT${')'.repeat(32)}`)).toEqual(MIT)
    expect(parseLicence(Array.from({ length: 40 }, () => '(MIT)').join(' AND '))).toHaveProperty('and.length', 40)
  })
})

describe('the licences of a document', () => {
  it('are undefined where none is said', () => {
    expect(licenceReader()([undefined, 'NOASSERTION', 'none', ''])).toBeUndefined()
  })

  it('all hold', () => {
    expect(licenceReader()([' MIT ', 'MIT', 'Apache-2.0'])).toEqual({ and: [MIT, APACHE] })
  })

  it('are read once, and not without end', () => {
    const read = licenceReader()
    expect(read(['MIT'])).toBe(read(['MIT']))
    for (let at = 0; at < 600; at++) read([`${at}`.padEnd(2_000, '-')])
    expect([read(['MIT']), read(['Apache-2.0'])]).toEqual([MIT, { unread: 'Apache-2.0' }])
  })
})
