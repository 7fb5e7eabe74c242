import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { parameterText } from '../../functions/domain/rule/written.ts'

test.each([
  ['bytes', 1_500_000_000, '1.5 GB'],
  ['days', 90, '90'],
  ['flag', true, 'true'],
  ['choice', 'CONTINUOUS_SCAN', 'CONTINUOUS_SCAN'],
  ['choices', ['linux/amd64'], '[linux/amd64]'],
  ['globs', ['latest', '1.*', 'off', ' '], '[latest, "1.*", "off", " "]'],
  ['accounts', ['012345678901'], '["012345678901"]'],
  ['pairs', { owner: 'team-a', 'cost centre': '12' }, '{ owner: team-a, cost centre: "12" }'],
  ['pairs', {}, '{}'],
  ['limits', { CRITICAL: 0 }, '{ CRITICAL: 0 }'],
] as const)('a value of kind %s: %j', (kind, value, text) => {
  expect(parameterText({ kind }, value)).toBe(text)
  expect(parse(text)).toEqual(kind === 'bytes' ? text : value)
})
