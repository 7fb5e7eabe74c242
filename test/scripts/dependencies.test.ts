import { describe, expect, it } from 'vitest'
import { importsOf, violations } from '../../scripts/dependencies.ts'

describe('the imports of a file', () => {
  it('are found in all their forms, also types, over several lines and loaded later', () => {
    const text = [
      "import { a } from './a.ts'",
      "import type { B } from '../b.ts'",
      "export { c } from 'valibot'",
      "import {\n  d,\n  type E,\n} from '@aws-sdk/client-ecr'",
      "import './side-effect.ts'",
      "const later = () => import('../adapters/ecr.ts')",
      'const text = "import { x } from \'nowhere\'"',
    ].join('\n')
    expect(importsOf('functions/scan-alert/handler.ts', text)).toEqual([
      'functions/scan-alert/a.ts',
      'functions/b.ts',
      'valibot',
      '@aws-sdk/client-ecr',
      'functions/scan-alert/side-effect.ts',
      'functions/adapters/ecr.ts',
    ])
  })
})

describe('the direction of dependencies', () => {
  it.each([
    ['functions/domain/image.ts', './severity.ts'],
    ['functions/domain/alert.ts', 'valibot'],
    ['functions/events/scan.ts', '../domain/event.ts'],
    ['functions/scan-alert/scan-alert.ts', '../events/parse.ts'],
    ['functions/scan-alert/handler.ts', '../adapters/ecr.ts'],
    ['functions/scan-alert/group.ts', '../outcome.ts'],
    ['functions/notify/message/blocks.ts', '../ports.ts'],
    ['functions/adapters/ecr.ts', '@aws-sdk/client-ecr'],
    ['functions/adapters/memory.ts', '../scan-alert/ports.ts'],
    ['infra/notify.ts', '../functions/notify/contract.ts'],
    ['infra/notify.ts', '../functions/contract.ts'],
    ['infra/scan-alert.ts', '../functions/scan-alert/patterns.ts'],
    ['infra/grants.ts', '../functions/domain/repository-wildcards.ts'],
    ['infra/app.ts', '../config/load.ts'],
    ['config/schema.ts', '../functions/domain/severity.ts'],
  ])('lets %s import %s', (file, target) => {
    expect(violations(file, `import { x } from '${target}'`)).toEqual([])
  })

  it.each([
    ['functions/domain/image.ts', '@aws-sdk/client-ecr', 'the domain is pure'],
    ['functions/domain/image.ts', '../outcome.ts', 'the domain is pure'],
    ['functions/domain/image.ts', 'node:fs', 'the domain is pure'],
    ['functions/events/scan.ts', '../scan-alert/ports.ts', 'reading events'],
    ['functions/scan-alert/gather.ts', '../adapters/ecr.ts', 'handlers alone'],
    ['functions/scan-alert/gather.ts', '@aws-sdk/client-ecr', 'SDK clients'],
    ['functions/notify/deliver.ts', 'node:https', 'SDK clients'],
    ['functions/notify/deliver.ts', '../scan-alert/group.ts', 'does not know another'],
    ['functions/scan-alert/handler.ts', '../../local/clock.ts', 'deploys, runs or tests'],
    ['functions/scan-alert/config.ts', '../../infra/worker.ts', 'deploys, runs or tests'],
    ['functions/adapters/ecr.ts', '../scan-alert/scan-alert.ts', 'adapters implement ports'],
    ['infra/scan-alert.ts', '../functions/scan-alert/handler.ts', 'the stack reads contract.ts, patterns.ts'],
    ['infra/scan-alert.ts', '../local/world.ts', 'the stack reads contract.ts, patterns.ts'],
    ['config/load.ts', '../infra/app.ts', 'the configuration knows'],
  ])('does not let %s import %s', (file, target, why) => {
    expect(violations(file, `import { x } from '${target}'`).join('\n')).toContain(why)
  })

  it('names file, import and reason', () => {
    expect(violations('functions/domain/image.ts', "import { x } from 'node:fs'")).toEqual([
      'functions/domain/image.ts imports node:fs: the domain is pure: it knows itself, valibot, hashes, expressions that cannot hang, and what reads package URLs, licences and versions',
    ])
  })
})
