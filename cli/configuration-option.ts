import { text } from './option.ts'

export const CONFIG_OPTION = {
  config: text(
    '--config <FILE>',
    'Configuration to read. Otherwise that of ECR_STEWARD_CONFIG, or the nearest steward.yaml, upwards to the root of the git repository.',
  ),
}
