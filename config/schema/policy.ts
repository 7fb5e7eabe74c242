import * as v from 'valibot'
import { ToSchema } from './channels.ts'
import { repositories } from './repositories.ts'
import { rulesSchema } from './rules.ts'
import { list, mapping } from './words.ts'

export const PolicySchema = v.pipe(
  list(
    mapping({
      repositories: repositories(
        'For each rule, the first entry decides that matches a repository and names the rule.',
      ),
      rules: rulesSchema(['repository', 'image']),
    }),
    'a list of entries with repositories and rules',
  ),
  v.description(
    'What is asked of which repositories and their images. For each rule, the first entry that matches and names it decides.',
  ),
)

export const RegistrySchema = v.pipe(
  mapping({ to: ToSchema, rules: rulesSchema(['registry']) }),
  v.description('What is asked of the registry itself, and who is told.'),
)
