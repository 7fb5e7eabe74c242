import type { SourceName } from '../domain/in-use/source-names.ts'

/**
 * What each source calls, as IAM names it. Most of these know no resource: they are granted on `*`, and read only.
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
export const IN_USE_ACTIONS: Readonly<Record<SourceName, readonly string[]>> = {
  ecs: [
    'ecs:DescribeServiceRevisions',
    'ecs:DescribeServices',
    'ecs:DescribeTaskDefinition',
    'ecs:DescribeTasks',
    'ecs:ListClusters',
    'ecs:ListServices',
    'ecs:ListTaskDefinitionFamilies',
    'ecs:ListTaskDefinitions',
    'ecs:ListTasks',
  ],
  'scheduled-tasks': [
    'ecs:DescribeTaskDefinition',
    'events:ListEventBuses',
    'events:ListRules',
    'events:ListTargetsByRule',
    'scheduler:GetSchedule',
    'scheduler:ListSchedules',
  ],
  lambda: ['lambda:GetFunction', 'lambda:ListFunctions'],
  eks: [
    'ecr:GetRegistryScanningConfiguration',
    'eks:ListClusters',
    'inspector2:BatchGetAccountStatus',
    'inspector2:GetConfiguration',
    'inspector2:ListCoverage',
  ],
  'app-runner': ['apprunner:DescribeService', 'apprunner:ListServices'],
  codebuild: ['codebuild:BatchGetProjects', 'codebuild:ListProjects'],
  batch: ['batch:DescribeJobDefinitions'],
}

/** Role that is assumed in every account of `clean-up.in-use.accounts` and `sweep.accounts`: the member stack makes it. */
export const READ_ROLE = 'ecr-steward-read'

/** What the roles of other accounts want to be told by whoever assumes them. Empty: nothing. */
export const ENV_EXTERNAL_ID = 'STEWARD_EXTERNAL_ID'
