import { PRESET_NAMES } from '../../functions/domain/new-repository/presets.ts'
import { AWS_OPTIONS } from '../aws/aws-options.ts'
import { command } from '../command.ts'
import { CONFIG_OPTION } from '../configuration-option.ts'
import { choice, flag, text, texts } from '../option.ts'

const { region, profile, verbose } = AWS_OPTIONS

const WHOSE = {
  owner: text('--owner <TEAM>', 'Who answers for it: its AWS tag Owner. Otherwise --tag Owner=TEAM has to say it.'),
  environment: text('--environment <NAME>', 'Its AWS tag Environment. Otherwise it has none.'),
  project: text('--project <NAME>', 'Its AWS tag Project. Otherwise it has none.'),
  tag: texts(
    '--tag <KEY=VALUE>',
    'A further AWS tag. Otherwise it has those of the options alone. May be given several times.',
  ),
}

const SETTINGS = {
  mutable: flag('--mutable', 'Tags may be moved to other images.'),
  tagExclusion: texts(
    '--tag-exclusion <FILTER>',
    'Tags for which the opposite holds, such as latest or dev-*. Otherwise tags never move. May be given up to five times.',
  ),
  encryption: choice(
    '--encryption <TYPE>',
    'How images are encrypted, for ever. Otherwise KMS, with the key aws/ecr of the account unless --kms-key names one.',
    ['AES256', 'KMS', 'KMS_DSSE'],
  ),
  kmsKey: text('--kms-key <ARN>', 'Key of KMS in the same region. Otherwise aws/ecr, which costs nothing.'),
  lifecycle: {
    ...text(
      '--lifecycle <PRESET>',
      `Which images expire: ${PRESET_NAMES.join(', ')}; none; or a file with a policy. Otherwise untagged: images without a tag, after 30 days.`,
    ),
    words: [...PRESET_NAMES, 'none'],
  },
  noScanOnPush: flag('--no-scan-on-push', 'Its images are not scanned when they are pushed.'),
}

const ACCESS = {
  pullFrom: texts(
    '--pull-from <WHO>',
    'Who else may pull: an account, the ARN of a role, or the id of an organisation. Otherwise its own account alone. May be given several times.',
  ),
  pushFrom: texts(
    '--push-from <ARN>',
    'Role that may push too, as of CI in another account. Otherwise its own account alone. May be given several times.',
  ),
}

export const repositoryCreate = command({
  name: 'repository create',
  summary: 'Makes a repository that passes the rules from its first minute on.',
  about: [
    'Tags never move, images are scanned on push and encrypted with KMS, images without a tag expire after 30 days, it says whose it is, and nobody else may pull or push: what an option does not say otherwise. docs/repository.md has all of it, and the same as a CDK construct.',
    'What is wrong with the options is told at once, before anything is made. A repository that is there already and is as asked is a success, so that the command may be repeated: it finishes what an error interrupted. One that is otherwise is left alone, and what changes it is shown.',
    'In a pipe it is one line of fields separated by tabs: state, URI, ARN. Where there is a steward.yaml, what its rules say of the new repository is told beside it.',
  ],
  argument: { term: '<NAME>', about: 'Its name with its namespace, such as team-a/web.' },
  options: {
    ...WHOSE,
    ...SETTINGS,
    ...ACCESS,
    dryRun: flag('--dry-run', 'Show the calls as lines of the AWS CLI, and make nothing.'),
    json: flag('--json', 'As JSON.'),
    ...CONFIG_OPTION,
    ...{ region, profile, verbose },
  },
  examples: [
    { about: 'One with all defaults:', line: 'repository create team-a/web --owner team-a' },
    {
      about: 'Releases stay, latest moves, production pulls:',
      line: 'repository create shop/api --owner shop --lifecycle releases --tag-exclusion latest --pull-from 210987654321',
    },
    {
      about: 'The calls, for a script without this tool:',
      line: 'repository create team-a/web --owner team-a --dry-run',
    },
  ],
  run: async ([name = ''], options, io) =>
    (await import('../repository/create.ts')).createRepository(name, options, io),
})
