import { expect, it } from 'vitest'
import { around, faults, parsed } from './read.ts'

const file = (members: string, accounts = '["222222222222", "333333333333"]'): string =>
  around(`sweep: { to: [sns], accounts: ${accounts} }\nmembers: ${members}`)

const members = (text: string) => parsed(file(text)).config.members

it('are not there where the file says nothing of them', () => {
  expect(parsed(around('')).config).not.toHaveProperty('members')
})

it('have told what their roles want to hear, and by default nothing is put right there', () => {
  expect(members('{ external-id: steward-1 }')).toStrictEqual({ externalId: 'steward-1', enforce: [] })
})

it('may want to hear nothing, and have rules enforced', () => {
  expect(members('{ enforce: ["333333333333"] }')).toStrictEqual({ enforce: ['333333333333'] })
})

it('are not said of another account than those that are swept: nothing is judged there', () => {
  const unswept = 'which sweep.accounts does not name, expected one of those: nothing is judged in any other'
  expect(faults(file('{ enforce: ["222222222222", "444444444444"] }'))).toEqual([
    `steward.yaml:3:38  members.enforce[1]: found "444444444444", ${unswept}`,
  ])
  expect(faults(around('members: { enforce: ["222222222222"] }'))).toEqual([
    `steward.yaml:2:22  members.enforce[0]: found "222222222222", ${unswept}`,
  ])
})

it.each([
  [
    '{ external-id: a b }',
    '3:25  members.external-id: found "a b", expected 2 to 1224 letters, digits and + = , . @ : / _ -, as the member stacks were deployed with',
  ],
  [
    '{ enforce: ["222222222222", "222222222222"] }',
    '3:38  members.enforce[1]: found "222222222222" again, which members.enforce[0] names, expected each once: was another one meant?',
  ],
  [
    '{ enforce: [222222222222] }',
    '3:22  members.enforce[0]: found 222222222222, expected a 12-digit account id in quotes, such as "123456789012": YAML reads bare digits as a number',
  ],
  [
    '{ enforce: yes }',
    '3:21  members.enforce: found "yes", expected a list of account ids in quotes, such as ["222222222222"]',
  ],
])('says what is wrong with %s', (text, fault) => {
  expect(faults(file(text))).toEqual([`steward.yaml:${fault}`])
})
