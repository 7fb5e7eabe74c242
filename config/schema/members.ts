import * as v from 'valibot'
import { Account, list, mapping, text } from './words.ts'

/** @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
const EXTERNAL_ID = /^[A-Za-z0-9+=,.@:/_-]{2,1224}$/

export const MembersSchema = v.pipe(
  mapping({
    'external-id': v.optional(
      v.pipe(
        text('2 to 1224 letters, digits and + = , . @ : / _ -, as the member stacks were deployed with', EXTERNAL_ID),
        v.description('ExternalId that the member stacks were deployed with: said by whoever takes their roles.'),
        v.examples(['ecr-steward-4f1c2a']),
      ),
    ),
    enforce: v.optional(
      v.pipe(
        list(Account, 'a list of account ids in quotes, such as ["222222222222"]'),
        v.description(
          'Accounts of sweep.accounts in which rules in enforce put right what fails: each has the member stack with Enforce=yes. In the others it is reported.',
        ),
        v.examples([['222222222222']]),
      ),
      [],
    ),
  }),
  v.description('What the member stacks of other accounts were deployed with, and what they are for.'),
)
