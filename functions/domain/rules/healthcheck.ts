import { fail, pass } from '../rule/judgement.ts'
import { worstOf } from '../rule/platforms.ts'
import { imageRule } from '../rule/rule.ts'

const FIX = {
  text: 'In the last stage of the Dockerfile, write what the image can run, which is rarely curl: HEALTHCHECK CMD ["node", "healthcheck.js"].',
}

export const healthcheck = imageRule({
  id: 'healthcheck',
  severity: 'LOW',
  summary: 'An image says how to tell whether it works.',
  why: 'A process that hangs still runs. Docker and Compose heed the check of the image; ECS and Kubernetes have their own, which it documents.',
  see: 'https://docs.docker.com/reference/dockerfile/#healthcheck',
  needs: ['content'],
  parameters: {},
  judge: ({ content }) =>
    worstOf(content.platforms, ({ config: { hasHealthcheck } }) =>
      hasHealthcheck ? pass('It has a health check.') : fail('It has no health check.', FIX),
    ),
})
