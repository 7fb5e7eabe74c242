import { fail, pass } from '../rule/judgement.ts'
import { texts } from '../rule/parameter.ts'
import { worstOf } from '../rule/platforms.ts'
import { imageRule } from '../rule/rule.ts'

export const requiredLabels = imageRule({
  id: 'required-labels',
  severity: 'LOW',
  summary: 'An image says by its labels what it must.',
  why: 'Who finds an image that misbehaves has to find its source and the people behind it.',
  see: 'https://github.com/opencontainers/image-spec/blob/main/annotations.md#pre-defined-annotation-keys',
  needs: ['content'],
  parameters: {
    labels: texts(/^[\w./-]{1,128}$/, 'the name of a label', {
      about: 'Labels that every image has, with a value.',
      default: ['org.opencontainers.image.source', 'org.opencontainers.image.revision'],
      example: '[org.opencontainers.image.source]',
    }),
  },
  judge: ({ content }, { labels: required }) =>
    worstOf(content.platforms, ({ config: { labels } }) => {
      const missing = required.filter((name) => !(Object.hasOwn(labels, name) && labels[name]))
      if (missing.length === 0) return pass('It has every label that is required.')
      const text = `Give them when building: docker build ${missing.map((name) => `--label ${name}=…`).join(' ')}`
      const evidence = [{ name: 'Missing', value: missing.join(', ') }]
      return fail(`It lacks ${missing.join(', ')}.`, { text }, evidence)
    }),
})
