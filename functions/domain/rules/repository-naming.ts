import { matchesWhole } from '../expression.ts'
import { matches } from '../pattern.ts'
import { fail, pass } from '../rule/judgement.ts'
import { expressions, globs, texts } from '../rule/parameter.ts'
import { repositoryRule } from '../rule/rule.ts'

const NAMESPACE = /^[a-z0-9]+([._-]+[a-z0-9]+)*$/

export const repositoryNaming = repositoryRule({
  id: 'repository-naming',
  severity: 'LOW',
  summary: 'The name of the repository says whose it is.',
  why: 'Permissions, alerts and clean-up go by name: what lies outside the namespaces falls through all of them.',
  see: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-create.html',
  needs: [],
  parameters: {
    namespaces: texts(NAMESPACE, 'a namespace such as team-a', {
      about: 'What may stand before the first slash; without any, everything.',
      default: [],
      example: '[team-a, shared]',
    }),
    patterns: globs({
      about: 'Patterns of names that are right; without any, and without expressions, every name that has a namespace.',
      default: [],
      example: '["*/*"]',
    }),
    expressions: expressions({
      about: 'Regular expressions of whole names that are right, beside the patterns.',
      default: [],
      example: '["[a-z-]+/[a-z-]+-(api|web|job)"]',
    }),
  },
  judge(_, { namespaces, patterns, expressions: own }, { ref: { repository } }) {
    const evidence = [{ name: 'Name', value: repository }]
    const fix = {
      text: 'A repository cannot be renamed: create one with a right name, and copy the images with their tags.',
      cdk: 'repositoryName: …',
    }
    const [namespace = '', rest] = repository.split('/')
    if (rest === undefined && (namespaces.length > 0 || patterns.length + own.length === 0))
      return fail('The name has no namespace.', fix, evidence)
    if (namespaces.length > 0 && !namespaces.includes(namespace))
      return fail(`The namespace is none of ${namespaces.join(', ')}.`, fix, evidence)
    const isRight =
      patterns.length + own.length === 0 ||
      patterns.some((pattern) => matches(pattern, repository)) ||
      own.some((expression) => matchesWhole(expression, repository))
    if (isRight) return pass('The name is as it should be.', evidence)
    return fail(`The name is none of ${[...patterns, ...own].join(', ')}.`, fix, evidence)
  },
})
