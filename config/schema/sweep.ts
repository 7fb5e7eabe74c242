import * as v from 'valibot'
import { TAG_KEY } from '../../functions/domain/new-repository/tags.ts'
import { SEVERITIES, type Severity } from '../../functions/domain/severity.ts'
import { packageQuery } from '../../functions/domain/supply-chain/package-query.ts'
import { PACKAGE_SOURCES } from '../../functions/domain/sweep/policy.ts'
import { ToSchema } from './channels.ts'
import { ScheduleSchema } from './schedule.ts'
import { Account, expected, list, mapping, Region, text, whole } from './words.ts'

/** `7 days`: a bare number could be hours. Ten years are as good as never. */
const DAYS = /^(?:1 day|(?:[1-9]\d{0,2}|[12]\d{3}|3[0-5]\d\d|36[0-4]\d|3650) days)$/

const Days = v.pipe(
  text('days from 1 to 3650, such as 7 days', DAYS),
  v.description('Days from the first sight of a finding.'),
  v.examples(['7 days']),
  v.transform((input) => Number.parseInt(input, 10)),
)

/** The other severities have no end unless one is written. */
const USUAL: Readonly<Partial<Record<Severity, string>>> = { CRITICAL: '7 days', HIGH: '30 days', MEDIUM: '90 days' }

const SlaSchema = v.pipe(
  mapping(
    Object.fromEntries(SEVERITIES.map((severity) => [severity, v.optional(Days, USUAL[severity])])) as Record<
      Severity,
      v.OptionalSchema<typeof Days, string | undefined>
    >,
  ),
  v.description('Within how many days a finding of each severity has to go.'),
  v.transform(
    (days): Readonly<Partial<Record<Severity, number>>> =>
      Object.fromEntries(Object.entries(days).filter(([, count]) => count !== undefined)),
  ),
)

const isQuery = (text: string): boolean => !('fault' in packageQuery(text))

const WatchForSchema = mapping({
  package: v.pipe(
    v.string(expected('a package and a range, such as "maven/log4j-core <2.17.1"')),
    v.check(isQuery, ({ input }) => expected('a package and a range, such as "maven/log4j-core <2.17.1"')({ input })),
    v.description('Package, and range of versions, that is watched for.'),
    v.examples(['maven/log4j-core <2.17.1']),
  ),
  to: ToSchema,
  reason: v.optional(v.pipe(text('one to 300 characters', /^.{1,300}$/), v.description('Said with it.'))),
})

export const SweepSchema = v.pipe(
  mapping({
    schedule: v.optional(ScheduleSchema, 'cron(0 21 * * ? *)'),
    regions: v.optional(
      v.pipe(
        list(Region, 'a list of regions, such as [us-east-1]', 20),
        v.description('Regions beside that of the stack whose registries are swept, in every account.'),
        v.examples([['us-east-1']]),
      ),
      [],
    ),
    accounts: v.optional(
      v.pipe(
        list(Account, 'a list of account ids in quotes, such as ["222222222222"]'),
        v.description('Accounts beside that of the stack whose registries are swept: each has the member stack.'),
        v.examples([['222222222222']]),
      ),
      [],
    ),
    to: ToSchema,
    'owner-tag': v.optional(
      v.pipe(
        text(
          'the key of a tag: letters, digits, blanks and _ . : / = + - @, at most 128, not beginning with aws:',
          TAG_KEY,
        ),
        v.description(
          "Key of the repository's tag that names its owner; without the tag it is the first part of the name.",
        ),
        v.examples(['Owner']),
      ),
      'Owner',
    ),
    sla: v.optional(SlaSchema, {}),
    rate: v.optional(
      v.pipe(
        whole('calls per second', 1, 1_000),
        v.description(
          'Calls per second of each operation in each registry; without it as many as AWS grants to a reader that gives way.',
        ),
        v.examples([50]),
      ),
    ),
    packages: v.optional(
      v.pipe(
        v.picklist(PACKAGE_SOURCES, expected('attached or attached-else-inspector')),
        v.description(
          'Keep an index of the packages of all images, of the SBOMs that are attached to them; attached-else-inspector: and of those that Inspector exports for images that carry none.',
        ),
      ),
    ),
    'watch-for': v.optional(
      v.pipe(
        list(WatchForSchema, 'a list of mappings with package and to', 50),
        v.description('Packages that are told of when they show up in an image: it takes packages.'),
      ),
    ),
    'security-hub': v.optional(
      v.pipe(
        v.boolean(expected('true or false')),
        v.description('Whether what fails is sent to Security Hub, and archived there when it is mended.'),
      ),
      false,
    ),
  }),
  v.description('Everything is judged on a schedule, whatever events said, and reported.'),
)

export type SweepSection = v.InferOutput<typeof SweepSchema>
