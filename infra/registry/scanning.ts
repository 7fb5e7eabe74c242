import { Token } from 'aws-cdk-lib'
import { CfnRegistryScanningConfiguration } from 'aws-cdk-lib/aws-ecr'
import type { Construct } from 'constructs'
import { quoted } from '../../functions/domain/new-repository/refusal.ts'
import { type Refusal, refuse } from '../refuse.ts'

/** Filters of one rule, and characters of one filter. @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_RegistryScanningRule.html */
const [MOST_FILTERS, LONGEST_FILTER] = [100, 255]

/** ECR's own pattern, written so that it cannot hang. @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_ScanningRepositoryFilter.html */
const FILTER = /^[a-z0-9*]+(?:[._/-][a-z0-9*]+)*$/

/**
 * Which repositories are scanned, and how. A filter with `*`, which is any characters, has to fit the whole name; one without is about every
 * name that has it somewhere. There are at most 100 of each, of at most 255 characters.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning-filters.html
 */
export type Scanning =
  | {
      /** Packages of the operating system, for nothing. @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning-basic.html */
      readonly type: 'BASIC'
      /** Filters of the repositories that are scanned on push, every one by default: `['*']`; with `[]` none is. */
      readonly scanOnPush?: readonly string[]
    }
  | {
      /** Packages of languages, too, by Amazon Inspector, which bills for it. @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning-enhanced.html */
      readonly type: 'ENHANCED'
      /** Filters of the repositories that are scanned on push alone: none by default. Whoever fits both is scanned continuously. */
      readonly scanOnPush?: readonly string[]
      /** Filters of the repositories that are scanned on push and when a new vulnerability becomes known: by default every one, `['*']`, where `scanOnPush` is not given, else none. */
      readonly continuousScan?: readonly string[]
    }

const EVERY = ['*']

type Filters = { readonly scanOnPush: readonly string[]; readonly continuousScan: readonly string[] }

function filtersOf(scanning: Scanning): Filters {
  if (scanning.type === 'BASIC') return { scanOnPush: scanning.scanOnPush ?? EVERY, continuousScan: [] }
  const { scanOnPush, continuousScan = scanOnPush ? [] : EVERY } = scanning
  return { scanOnPush: scanOnPush ?? [], continuousScan }
}

function filterRefusal(prop: string, filter: string): Refusal | undefined {
  if (Token.isUnresolved(filter)) return undefined
  if (filter.length > LONGEST_FILTER)
    return { prop, why: `${quoted(filter)} has ${filter.length} characters`, write: `at most ${LONGEST_FILTER}` }
  if (FILTER.test(filter)) return undefined
  return {
    prop,
    why: `${quoted(filter)} is no filter of names`,
    write: 'lower-case letters, digits and *, with one of . _ / - between them, such as team-a/*',
  }
}

function filtersRefusal(prop: string, filters: readonly string[]): Refusal | undefined {
  if (Token.isUnresolved(filters))
    return {
      prop,
      why: 'the list is known only when the stack is deployed',
      write: 'its filters, each of which may be',
    }
  if (filters.length > MOST_FILTERS)
    return { prop, why: `there are ${filters.length} filters`, write: `at most ${MOST_FILTERS}` }
  const twice = filters.find((filter, index) => filters.indexOf(filter) < index)
  if (twice !== undefined) return { prop, why: `${quoted(twice)} is there twice`, write: 'it once' }
  return filters.map((filter) => filterRefusal(prop, filter)).find((refusal) => refusal !== undefined)
}

function scanningRefusal(scanning: Scanning): Refusal | undefined {
  const { type } = scanning
  if (type !== 'BASIC' && type !== 'ENHANCED')
    return { prop: 'scanning.type', why: `it is ${quoted(String(type))}`, write: "'BASIC' or 'ENHANCED'" }
  if (type === 'BASIC' && 'continuousScan' in scanning)
    return {
      prop: 'scanning.continuousScan',
      why: 'basic scanning scans on push alone',
      write: "scanOnPush, or type: 'ENHANCED', for which Inspector bills",
    }
  const { scanOnPush, continuousScan } = filtersOf(scanning)
  return filtersRefusal('scanning.scanOnPush', scanOnPush) ?? filtersRefusal('scanning.continuousScan', continuousScan)
}

type ScanningRule = CfnRegistryScanningConfiguration.ScanningRuleProperty

const ruleOf = (scanFrequency: string, filters: readonly string[]): readonly ScanningRule[] =>
  filters.length > 0
    ? [{ scanFrequency, repositoryFilters: filters.map((filter) => ({ filter, filterType: 'WILDCARD' })) }]
    : []

/**
 * Scanning of all repositories of the registry. Without it in the template, as after the stack is deleted, the registry has basic scanning without a filter.
 * @throws {Error} for what ECR would refuse
 */
export function registryScanning(scope: Construct, scanning: Scanning): CfnRegistryScanningConfiguration {
  const refusal = scanningRefusal(scanning)
  if (refusal) refuse(scope, refusal)
  const { scanOnPush, continuousScan } = filtersOf(scanning)
  return new CfnRegistryScanningConfiguration(scope, 'Scanning', {
    scanType: scanning.type,
    rules: [...ruleOf('SCAN_ON_PUSH', scanOnPush), ...ruleOf('CONTINUOUS_SCAN', continuousScan)],
  })
}
