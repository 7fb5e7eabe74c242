import { AWS_OPTIONS } from '../aws/aws-options.ts'
import { command } from '../command.ts'
import { CONFIG_OPTION } from '../configuration-option.ts'
import { flag, text, texts } from '../option.ts'

const { region, profile } = AWS_OPTIONS

export const doctor = command({
  name: 'doctor',
  summary: 'Looks at everything that has to be right, and says what mends what is not.',
  about: [
    'Credentials and when they end, the clock, the region, steward.yaml, the age of the trusted root, permissions of every command, how the registry scans, the stack and its version, and the secrets of channels. It changes nothing, sends nothing, and shows no secret.',
    'Whether something is allowed is asked of AWS itself: reads for their shortest answer, and writes of a repository that does not exist, so that they could change nothing. A policy that names repositories answers otherwise: --repository NAME asks reads of that one. What cannot be asked without changing something is said to be so.',
    'It ends with 4 where credentials or a permission are missing, with 2 where something is written wrong, with 3 where something could not be looked at, and with 0 where there are at most warnings.',
  ],
  options: {
    for: texts(
      '--for <COMMAND>',
      'Look at the permissions of this command alone, or of a group. Otherwise at those of all. May be given several times.',
    ),
    repository: text(
      '--repository <NAME>',
      'Ask for the permissions of reads on this repository. Otherwise on one that does not exist.',
    ),
    json: flag('--json', 'As JSON, with every permission: docs/doctor.schema.json.'),
    ...CONFIG_OPTION,
    region,
    profile,
  },
  examples: [
    { about: 'Everything:', line: 'doctor' },
    { about: 'Before a sweep, with the role that will run it:', line: 'doctor --for sweep --profile audit' },
    { about: 'What a pipeline may do in one repository:', line: 'doctor --for gate --repository prod/api' },
  ],
  run: async (_, options, io) => (await import('../doctor/doctor.ts')).doctor(options, io),
})
