/** The constructs for stacks of others: what `ecr-steward/cdk` exports. */
export { DeploymentGate, type DeploymentGateProps } from './deployment-gate.ts'
export type { ImageProps } from './gated-image.ts'
export {
  GitHubActionsRole,
  type GitHubActionsRoleProps,
  type GitHubIds,
  type GitHubSubject,
} from './github-actions-role.ts'
export { RegistrySettings, type RegistrySettingsProps } from './registry/registry-settings.ts'
export {
  CompliantRepository,
  type CompliantRepositoryProps,
  type LifecyclePolicy,
} from './repository/compliant-repository.ts'
export type { ScanAlerts, ScanAlertsProps } from './repository/scan-alerts.ts'
