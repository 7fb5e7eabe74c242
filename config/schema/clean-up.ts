import * as v from 'valibot'
import { SOURCE_NAMES } from '../../functions/domain/in-use/source-names.ts'
import { ToSchema } from './channels.ts'
import { repositories } from './repositories.ts'
import { ScheduleSchema } from './schedule.ts'
import { Account, expected, list, mapping, pick, Region, text, whole } from './words.ts'

/** `20%`: a bare number could be a share or a percentage. */
const PERCENTAGE = /^(?:100(?:\.0{1,2})?|\d{1,2}(?:\.\d{1,2})?)%$/

const share = (of: string, usual: string) =>
  v.optional(
    v.pipe(
      text(`a percentage from 0% to 100%, such as ${usual}`, PERCENTAGE),
      v.description(`Of ${of}.`),
      v.examples([usual]),
      v.transform((input) => Number.parseFloat(input) / 100),
    ),
    usual,
  )

const AtMostSchema = v.pipe(
  mapping({
    images: v.optional(
      v.pipe(whole('a whole number', 1, 1_000_000), v.description('Images of one plan.'), v.examples([500])),
      500,
    ),
    share: share('the images of one repository', '20%'),
    'share-of-registry': share('the images of all repositories that a plan looks at', '10%'),
  }),
  v.description('How much one plan may remove. What is beyond waits for the next one.'),
)

/** The policy itself is a mapping in a file of its own, as the AWS CLI takes it. */
const POLICY_PATH = /^(?!\s*\{)[^\p{Cc}]{1,1024}$/u

export const isPolicyPath = (value: unknown): value is string => typeof value === 'string' && POLICY_PATH.test(value)

const EntrySchema = mapping({
  repositories: repositories(
    'The first entry that matches a repository decides; one that none matches is never cleaned.',
  ),
  policy: v.pipe(
    text('the path of a JSON file with a lifecycle policy, such as lifecycle/ci.json', POLICY_PATH),
    v.description('Path of a lifecycle policy, seen from this file: what aws ecr put-lifecycle-policy takes.'),
    v.examples(['lifecycle/ci.json']),
  ),
})

const PinSchema = mapping({
  repositories: repositories('The pin holds in all that match.'),
  tags: v.optional(
    v.pipe(
      list(
        text('a tag in quotes, such as "1.4.2" or "v1.*"', /^[A-Za-z0-9_.*-]{1,128}$/),
        'a list of tags, such as ["v1.*"]',
      ),
      v.minLength(1, expected('at least one tag, such as "v1.*"')),
      v.description('Images with a tag that matches one of these. Either this or digests, or both.'),
      v.examples([['v1.*']]),
    ),
  ),
  digests: v.optional(
    v.pipe(
      list(text('sha256: and 64 hexadecimal digits', /^sha256:[0-9a-f]{64}$/), 'a list of digests'),
      v.minLength(1, expected('at least one digest: sha256: and 64 hexadecimal digits')),
      v.description('Images by digest. Either this or tags, or both.'),
    ),
  ),
  reason: v.pipe(
    text(
      'a reason in one line of at most 500 characters, such as contract with a customer',
      /^(?=.*\S)[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]{1,500}$/u,
    ),
    v.description('Why it stays. It is shown wherever the pin keeps an image.'),
    v.examples(['contract with a customer']),
  ),
})

const IgnoredAccount = text('an account id of 12 digits in quotes, or "*"', /^(?:\d{12}|\*)$/)

const accounts = (description: string) =>
  v.optional(
    v.pipe(
      list(Account, 'a list of account ids in quotes, such as ["222222222222"]'),
      v.description(description),
      v.examples([['222222222222']]),
    ),
    [],
  )

const InUseSchema = v.pipe(
  mapping({
    'task-definitions': v.optional(
      v.pipe(
        whole('a whole number', 0, 100),
        v.description(
          'Newest active revisions of each ECS task definition family that count as in use, whatever runs.',
        ),
      ),
      5,
    ),
    regions: v.optional(
      v.pipe(
        list(Region, 'a list of regions, such as [us-east-1]', 20),
        v.description('Regions beside the own one in which the images run.'),
        v.examples([['us-east-1']]),
      ),
      [],
    ),
    accounts: accounts(
      'Accounts beside the own one in which the images run: read with the role ecr-steward-read there.',
    ),
    'ignore-sources': v.optional(
      v.pipe(
        list(pick(SOURCE_NAMES), `a list of sources, such as [app-runner]`),
        v.description('Sources that are not read, since nothing that they know of runs an image of this registry.'),
        v.examples([['app-runner']]),
      ),
      [],
    ),
    'ignore-accounts': v.optional(
      v.pipe(
        list(IgnoredAccount, 'a list of account ids in quotes, or ["*"]'),
        v.description('Accounts that may pull, and whose use is not asked for; "*" for whoever else may pull.'),
        v.examples([['333333333333'], ['*']]),
      ),
      [],
    ),
    pins: v.optional(
      v.pipe(
        list(PinSchema, 'a list of entries with repositories, tags or digests, and reason'),
        v.description('Images that stay whatever runs.'),
      ),
      [],
    ),
  }),
  v.description('Where images run: what is in use is never removed.'),
)

export const CleanUpSchema = v.pipe(
  mapping({
    mode: v.optional(
      v.pipe(
        pick(['dry-run', 'apply']),
        v.description('dry-run: the plan is told, nothing is removed. apply: it is carried out as well.'),
      ),
      'dry-run',
    ),
    schedule: v.optional(ScheduleSchema, 'cron(0 3 * * ? *)'),
    to: ToSchema,
    'at-most': v.optional(AtMostSchema, {}),
    policies: v.optional(
      v.pipe(
        list(EntrySchema, 'a list of entries with repositories and policy'),
        v.description('What goes from which repositories. The first entry that matches a repository decides.'),
      ),
      [],
    ),
    'in-use': v.optional(InUseSchema, {}),
  }),
  v.description('What is removed, on a schedule, and what never is.'),
)

export type CleanUpSection = v.InferOutput<typeof CleanUpSchema>
