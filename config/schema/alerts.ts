import * as v from 'valibot'
import { SEVERITIES } from '../../functions/domain/severity.ts'
import { ToSchema } from './channels.ts'
import { repositories } from './repositories.ts'
import { expected, list, mapping, pick } from './words.ts'

const ThresholdSchema = v.pipe(pick(SEVERITIES), v.description('Lowest severity that is worth a message.'))

export const AlertsSchema = v.pipe(
  list(
    mapping({
      repositories: repositories('The first entry that matches a repository decides.'),
      threshold: v.optional(ThresholdSchema, 'HIGH'),
      to: ToSchema,
    }),
    'a list of entries with repositories, threshold and to',
  ),
  v.minLength(1, expected('at least one entry: without one, nothing is ever told')),
  v.description('Who is told about findings in which repositories. The first entry that matches decides.'),
)
