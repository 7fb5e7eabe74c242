import { expect, test } from 'vitest'
import { composePackageFound } from '../../../functions/domain/package-found-alert.ts'
import type { FoundImage } from '../../../functions/domain/supply-chain/package-index/search.ts'
import { compose } from '../../../functions/notify/message/compose.ts'
import { judge } from '../../../local/slack/validate.ts'
import { policyTelling } from '../../builders.ts'
import { IMAGE, REPOSITORY } from '../../domain/supply-chain/package-index/rows.ts'
import { shown } from './shown.ts'

const found = (tag: string, users: readonly string[]): FoundImage => ({
  ...{ ...REPOSITORY, ...IMAGE, tags: [tag], digest: `sha256:${tag}`, users },
  packages: [{ name: 'log4j-core', ecosystem: 'maven', version: '2.14.1', match: 'yes' }],
})

test('of images with a package, who uses one stands out, and that nobody does not', () => {
  const telling = policyTelling({ subject: { account: '123456789012', region: 'eu-central-1', tags: [] } })
  const watch = { package: 'log4j-core <2.17.1', slack: ['security'] }
  const index = { uncovered: 3, store: 's3://bucket/sweep' }
  const alert = composePackageFound(telling, watch, [found('1.1', []), found('1.0', ['ECS service web'])], index)

  expect(judge(compose(alert, 'security'))).toMatchObject({ status: 200 })
  expect(shown(alert)).toContain(
    [
      '*Images*',
      '🟠  `team/web:1.0`  log4j-core 2.14.1',
      '*in use by ECS service web*  ·  owner team',
      '🟡  `team/web:1.1`  log4j-core 2.14.1',
      'nobody uses it  ·  owner team',
    ].join('\n'),
  )
  expect(shown(alert)).toContain('Of 3 images nothing is known')
  expect(shown(alert)).toContain("```ecr-steward find 'log4j-core &lt;2.17.1' --store s3://bucket/sweep --region")
})
