import { matches } from '../pattern.ts'
import { fail, pass } from '../rule/judgement.ts'
import { globs } from '../rule/parameter.ts'
import { worstOf } from '../rule/platforms.ts'
import { imageRule } from '../rule/rule.ts'

const FIX = {
  text: 'Revoke it, since whoever may pull the image has it. Give it at run time from Secrets Manager, and to a build by RUN --mount=type=secret.',
  cdk: 'secrets: { DB_PASSWORD: ecs.Secret.fromSecretsManager(secret) }',
}

export const noSecretsInImage = imageRule({
  id: 'no-secrets-in-image',
  severity: 'CRITICAL',
  summary: 'Neither variables nor labels nor build steps of an image hold a secret.',
  why: 'The configuration of an image is for everybody who may pull it, and stays in every copy; taking a secret out of the next version does not take it back.',
  see: 'https://docs.docker.com/build/building/secrets/',
  needs: ['content'],
  parameters: {
    allowed: globs({
      about: 'Names of variables, labels and build arguments whose values are no secrets.',
      default: [],
      example: '[DEMO_TOKEN]',
    }),
  },
  judge: ({ content }, { allowed }) =>
    worstOf(content.platforms, ({ config: { suspects } }) => {
      const left = suspects.filter(({ name }) => !allowed.some((pattern) => name && matches(pattern, name)))
      if (left.length === 0) return pass('Nothing in it looks like a secret.')
      const places = new Set(left.map(({ where }) => where)).size
      const evidence = left.map(({ where, what }) => ({ name: where, value: what }))
      return fail(`What looks like a secret is in ${places} ${places === 1 ? 'place' : 'places'}.`, FIX, evidence)
    }),
})
