import { exitCodes } from './exit.ts'

/** What `ecr-steward help TOPIC` explains beside the commands. */
export const TOPICS: Readonly<Record<string, { readonly about: string; readonly text: () => string }>> = {
  'exit-codes': {
    about: 'What every exit code means.',
    text: () => `Exit codes, the same for every command:

${exitCodes()}

A fail is certain, so it is not hidden by something else that could not be judged; how many could not is
in the closing line and in the JSON. Where nothing fails, what is unknown is never a pass.`,
  },
  environment: {
    about: 'Which variables of the environment are read.',
    text: () => `Variables of the environment; an option of the same meaning goes before each:

  ECR_STEWARD_CONFIG     File to read as steward.yaml.
  STEWARD_EXTERNAL_ID    ExternalId to say when the role ecr-steward-read of another account is taken,
                         in the place of members.external-id of steward.yaml.
  XDG_CACHE_HOME         Folder for what may be lost: names of repositories for completion, indexes of
                         packages for find. On Windows LOCALAPPDATA; otherwise ~/.cache.
  NO_COLOR               No colours on a terminal; FORCE_COLOR=1: colours in a pipe too.

As CI systems set them, for gate and scan; --no-ci leaves them alone:

  GITHUB_ACTIONS         true: the worst as annotations of the run, and the result in GITHUB_STEP_SUMMARY,
                         the file of the summary of the job.
  CODEBUILD_BUILD_ID     In a build of CodeBuild: a hint where no report in JUnit's format is written.

As AWS's own tools have them:

  AWS_PROFILE            Profile to take region and credentials of.
  AWS_REGION             Region of the registry; then AWS_DEFAULT_REGION, then the region of the profile.
  AWS_ACCESS_KEY_ID      With AWS_SECRET_ACCESS_KEY and, where they end, AWS_SESSION_TOKEN: credentials.
  AWS_CREDENTIAL_EXPIRATION
                         When these end: doctor says how long that is.
  AWS_CONFIG_FILE        Configuration with the profiles. Otherwise ~/.aws/config.
  AWS_SHARED_CREDENTIALS_FILE
                         Their credentials. Otherwise ~/.aws/credentials.
  AWS_ENDPOINT_URL       Address to call in the place of AWS: a local one, or a VPC endpoint.
  AWS_MAX_ATTEMPTS       How often a call is tried in all.`,
  },
  files: {
    about: 'Which files are read and written.',
    text: () => `Files that are read:

  steward.yaml           What is asked: --config, then ECR_STEWARD_CONFIG, then the nearest one, from the
                         working directory upwards to the root of the git repository.
  ~/.aws/config          Profiles, and in ~/.aws/credentials, as AWS's own tools have them.

Files that are written, below the working directory unless an option says where:

  clean-up-plan.json     What clean-up plan would remove, and clean-up apply then does.
  .ecr-steward/clean-up  Journal, lease and stop switch of clean-ups, without --store.
  .ecr-steward/sweep     Sweeps and their reports, without --store.
  .ecr-steward/reports   Copies of reports of a bucket, for report --open.
  lifecycle-policies-*   What lifecycle apply and lifecycle delete replaced, a folder a run.
  deleted-repositories-* Settings, AWS tags and policies of what repository delete deleted, a folder a run.

In ~/.cache/ecr-steward, or in XDG_CACHE_HOME or LOCALAPPDATA: names of repositories for completion,
each for five minutes, and copies of indexes of packages for find.`,
  },
}
