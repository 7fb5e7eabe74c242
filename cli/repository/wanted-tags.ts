import type { Refusal } from '../../functions/domain/new-repository/new-repository.ts'
import { quoted } from '../../functions/domain/new-repository/refusal.ts'
import { OWN_TAGS, type Tags } from '../../functions/domain/new-repository/tags.ts'
import type { Asked, Read } from './wanted.ts'

type OwnTag = keyof typeof OWN_TAGS

const NAMES = Object.keys(OWN_TAGS) as readonly OwnTag[]

/** The option of a tag that has one of its own. */
export const ownTagOf = (key: string): OwnTag | undefined => NAMES.find((name) => OWN_TAGS[name] === key)

type Given = { readonly option: string; readonly key: string; readonly value: string }

/** A key may not hold `=`, a value may. */
const parsed = (text: string): Given => {
  const [, key = '', value = ''] = /^([^=]*)=(.*)$/s.exec(text) ?? []
  return { option: '--tag', key, value }
}

const ownOf = (asked: Asked): readonly Given[] =>
  NAMES.flatMap((name) => {
    const value = asked[name]
    return value === undefined ? [] : [{ option: `--${name}`, key: OWN_TAGS[name], value }]
  })

/** One key with two values. */
const twice = (given: readonly Given[]): readonly Refusal[] =>
  [...Map.groupBy(given, ({ key }) => key)].flatMap(([key, same]) => {
    const values = [...new Set(same.map(({ value }) => value))]
    if (values.length < 2) return []
    const prop = same[0]?.option ?? '--tag'
    return [
      { prop, why: `the tag ${quoted(key)} is given as ${values.map(quoted).join(' and as ')}`, write: 'one of them' },
    ]
  })

/** The AWS tags of the options, with what is wrong with how they were given. */
export function tagsOf(asked: Asked): Read<Tags> {
  const without = asked.tag.filter((text) => !text.includes('='))
  const given = [...ownOf(asked), ...asked.tag.filter((text) => text.includes('=')).map(parsed)]
  const value = Object.fromEntries(given.map(({ key, value }) => [key, value]))
  const isOwned = Boolean(value[OWN_TAGS.owner]?.trim())
  return {
    value,
    refusals: [
      ...(isOwned ? [] : [{ prop: '--owner', why: 'nobody is named who answers for it', write: '--owner TEAM' }]),
      ...without.map((text) => ({ prop: '--tag', why: `${quoted(text)} has no value`, write: 'KEY=VALUE' })),
      ...twice(given),
    ],
  }
}
