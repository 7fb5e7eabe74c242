import type { Command } from './command.ts'
import { check } from './commands/check.ts'
import { cleanUpApply } from './commands/clean-up-apply.ts'
import { cleanUpGuard } from './commands/clean-up-guard.ts'
import { cleanUpInUse } from './commands/clean-up-in-use.ts'
import { cleanUpPlan } from './commands/clean-up-plan.ts'
import { cleanUpResume } from './commands/clean-up-resume.ts'
import { cleanUpStop } from './commands/clean-up-stop.ts'
import { cleanUpUndo } from './commands/clean-up-undo.ts'
import { completion } from './commands/completion.ts'
import { configSchema } from './commands/config-schema.ts'
import { configShow } from './commands/config-show.ts'
import { configValidate } from './commands/config-validate.ts'
import { doctor } from './commands/doctor.ts'
import { explain } from './commands/explain.ts'
import { find } from './commands/find.ts'
import { gate } from './commands/gate.ts'
import { images } from './commands/images.ts'
import { init } from './commands/init.ts'
import { lifecycleApply } from './commands/lifecycle-apply.ts'
import { lifecycleDelete } from './commands/lifecycle-delete.ts'
import { lifecycleDiff } from './commands/lifecycle-diff.ts'
import { lifecycleLint } from './commands/lifecycle-lint.ts'
import { lifecyclePreview } from './commands/lifecycle-preview.ts'
import { lifecycleShow } from './commands/lifecycle-show.ts'
import { release } from './commands/release.ts'
import { replay } from './commands/replay.ts'
import { report } from './commands/report.ts'
import { repositoryCreate } from './commands/repository-create.ts'
import { repositoryDelete } from './commands/repository-delete.ts'
import { repositoryList } from './commands/repository-list.ts'
import { rules } from './commands/rules.ts'
import { scan } from './commands/scan.ts'
import { sweep } from './commands/sweep.ts'
import { trustedRoot } from './commands/trusted-root.ts'
import { verify } from './commands/verify.ts'

/** Every command, in the order in which they are listed: a new one is its file and a line here. */
export const COMMANDS: readonly Command[] = [
  init,
  ...[check, rules, explain],
  ...[gate, scan, images, release],
  ...[verify, trustedRoot],
  ...[sweep, report, find, replay, doctor],
  ...[repositoryCreate, repositoryList, repositoryDelete],
  ...[lifecycleLint, lifecyclePreview, lifecycleDiff, lifecycleApply, lifecycleShow, lifecycleDelete],
  ...[cleanUpPlan, cleanUpApply, cleanUpUndo, cleanUpStop, cleanUpResume, cleanUpInUse, cleanUpGuard],
  ...[configValidate, configShow, configSchema],
  completion,
]

/** What commands of two words have in common, by their first. */
export const GROUPS: Readonly<Record<string, string>> = {
  repository: 'Makes, lists and deletes repositories.',
  lifecycle: 'Checks, shows and applies lifecycle policies of repositories.',
  'clean-up': 'Removes images that nobody needs: plan, apply, undo.',
  config: 'Checks and shows steward.yaml.',
}
