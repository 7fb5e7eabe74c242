import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import type { RuleSetting } from '../../functions/domain/policy.ts'
import type { Signer } from '../../functions/domain/supply-chain/signer.ts'
import { pushCheckConfig } from '../../functions/push-check/contract.ts'
import { bundle, packagesIn } from '../../infra/bundle.ts'
import { leftOut } from '../../infra/left-out.ts'

const KEY: Signer = { name: 'ci', by: 'key', pem: '' }
const PATTERN: Signer = { name: 'ci', by: 'identity', identity: { pattern: '**' }, issuer: 'https://a.example' }

const rule = (id: string, parameters: Record<string, unknown> = {}, mode: RuleSetting['mode'] = 'report') => ({
  ...{ rule: id, mode, parameters, line: 1 },
})

/** What push-check weighs with these rules, in KiB, and the packages in it. */
function built(rules: readonly RuleSetting[], signers: readonly Signer[]) {
  const outdir = mkdtempSync(join(tmpdir(), 'steward-left-out-'))
  onTestFinished(() => rmSync(outdir, { recursive: true }))
  const config = pushCheckConfig({ alerts: [], exceptions: [], policy: [{ repositories: ['**'], rules }], signers })
  const metafile = bundle({ entry: 'functions/push-check/handler.ts', outdir, config })
  return { kib: statSync(join(outdir, 'index.js')).size / 1_024, packages: new Set(packagesIn(metafile)) }
}

const SIGSTORE = ['@noble/curves', '@sigstore/bundle', '@sigstore/core', '@sigstore/protobuf-specs', '@sigstore/verify']
const SBOMS = ['@streamparser/json', 'packageurl-js', 'spdx-expression-parse']
const LINT = '@secretlint/secretlint-rule-preset-recommend'
const SIGNED = [rule('signature', { signedBy: ['ci'] }), rule('provenance', { signedBy: ['ci'] })]

it.each([
  [
    'rules that read no signature',
    [rule('non-root-user'), ...SIGNED.map((one) => ({ ...one, mode: 'off' as const }))],
    KEY,
    [],
    250,
  ],
  ['an expression', [rule('tag-naming', { patterns: ['v.+'] })], KEY, ['re2js'], 400],
  ['a rule that looks for secrets', [rule('no-secrets-in-image')], KEY, [LINT], 300],
  ['signatures by a key, and provenance', SIGNED, KEY, SIGSTORE, 450],
  ['SBOMs beside signatures', [...SIGNED, rule('sbom')], KEY, [...SIGSTORE, ...SBOMS], 450],
  ['all of it', [...SIGNED, rule('sbom'), rule('no-secrets-in-image')], PATTERN, [...SIGSTORE, ...SBOMS, LINT], 500],
])('with %s, push-check has the packages that it needs', (_, rules, signer, expected, limit) => {
  const { kib, packages } = built(rules, [signer])
  const optional = [...SIGSTORE, ...SBOMS, 're2js', LINT]

  expect(optional.filter((name) => packages.has(name)).toSorted()).toEqual([...expected].toSorted())
  expect(kib).toBeLessThan(limit)
})

it.each([
  ['no index', {}, SBOMS],
  ['an index of what is attached', { packages: 'attached' }, []],
  ['an index of what Inspector exports, too', { packages: 'attached-else-inspector' }, []],
])('with %s, the sweep is without what reads SBOMs, or with it', (_, sweep, expected) => {
  const replaced = Object.keys(leftOut({ sweep }))
  expect(replaced.filter((name) => SBOMS.includes(name)).toSorted()).toEqual(expected)
})
