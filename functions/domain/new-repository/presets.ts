import type { Count, Rule } from '../lifecycle/rule.ts'

const images = (count: number): Count => ({ type: 'imageCountMoreThan', images: count })
const days = (count: number): Count => ({ type: 'sinceImagePushed', days: count })

type Stream = Pick<Rule, 'description' | 'count'> & Partial<Pick<Rule, 'tagStatus' | 'prefixes'>>

/** In this order: what is named first has its say first, and no later rule touches it. */
const expiring = (streams: readonly Stream[]): readonly Rule[] =>
  streams.map((stream, index) => ({
    ...{ priority: index + 1, tagStatus: 'tagged', prefixes: [], patterns: [], storageClass: 'standard' },
    ...{ action: 'expire', ...stream },
  }))

const untagged = (age: number): Stream => ({
  ...{ description: `untagged images expire after ${age} days`, tagStatus: 'untagged', count: days(age) },
})

const newest = (prefix: string, count: number): Stream => ({
  ...{ description: `of ${prefix}* the newest ${count} stay`, prefixes: [prefix], count: images(count) },
})

const aged = (prefix: string, age: number): Stream => ({
  ...{ description: `${prefix}* expire after ${age} days`, prefixes: [prefix], count: days(age) },
})

/** More than a repository holds: what cosign keeps under tags goes with nobody's count, least of all before its image. */
const SIGNATURES: Stream = {
  ...{ description: 'signatures and SBOMs of cosign stay', prefixes: ['sha256-'], count: images(100_000) },
}

/** A tag names one image. */
const LATEST: Stream = { description: 'latest stays', prefixes: ['latest'], count: images(1) }

const rest = (age: number): Stream => ({
  ...{ description: `all other tagged images expire after ${age} days`, tagStatus: 'any', count: days(age) },
})

type Preset = { readonly about: string; readonly rules: readonly Rule[] }

/**
 * Lifecycle policies to begin with. Two prefixes in one rule would both have to fit, so that each stream has a rule of its own;
 * releases come first, so that no other rule takes an image that is one.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html
 */
export const PRESETS = {
  untagged: {
    about: 'Untagged images expire after 30 days; tagged ones stay.',
    rules: expiring([untagged(30)]),
  },
  releases: {
    about: 'Of v* the newest 50 stay; untagged images expire after 7 days.',
    rules: expiring([newest('v', 50), untagged(7)]),
  },
  environments: {
    about:
      'Of v* and of release-* the newest 100 stay, of stg-* 10, of dev-* 5; untagged images expire after 7 days, all others after 90.',
    rules: expiring([
      ...[newest('v', 100), newest('release-', 100), SIGNATURES, LATEST],
      ...[newest('stg-', 10), newest('dev-', 5), untagged(7), rest(90)],
    ]),
  },
  branches: {
    about:
      'Of v* the newest 50 stay, of main-* 30; untagged images expire after 7 days, those of other branches after 30.',
    rules: expiring([newest('v', 50), SIGNATURES, LATEST, newest('main-', 30), untagged(7), rest(30)]),
  },
  'pull-requests': {
    about: 'Images of pull requests, pr-*, expire after 14 days, untagged ones after 7; all others stay.',
    rules: expiring([newest('v', 100), aged('pr-', 14), untagged(7)]),
  },
} as const satisfies Readonly<Record<string, Preset>>

export type PresetName = keyof typeof PRESETS

export const PRESET_NAMES = Object.keys(PRESETS) as readonly PresetName[]
