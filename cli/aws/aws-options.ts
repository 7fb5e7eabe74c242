import { flag, number, text } from '../option.ts'

/** What every command that calls AWS takes. */
export const AWS_OPTIONS = {
  region: text(
    '--region <REGION>',
    'Region of the registry. Otherwise that of AWS_REGION, AWS_DEFAULT_REGION, or the profile.',
  ),
  profile: text(
    '--profile <NAME>',
    'Profile of the AWS configuration to take credentials and region from. Otherwise that of AWS_PROFILE.',
  ),
  rate: number(
    '--rate <N>',
    'Most calls a second of each operation. Otherwise as many as AWS grants: throttles slow it down.',
    { least: 0.1, most: 10_000 },
  ),
  concurrency: number('--concurrency <N>', 'How many repositories or images are judged at once. Otherwise 50.', {
    least: 1,
    most: 500,
    isWhole: true,
  }),
  verbose: flag('-v, --verbose', 'Show every call of AWS, with how it ended and what it took.'),
}
