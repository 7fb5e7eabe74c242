import { fail, notApplicable, pass } from '../rule/judgement.ts'
import { texts } from '../rule/parameter.ts'
import { imageRule } from '../rule/rule.ts'

export const platforms = imageRule({
  id: 'platforms',
  severity: 'LOW',
  summary: 'An image is there for every platform that is required.',
  why: 'On a host of another architecture it cannot be pulled, which shows when somebody moves to Graviton, or fails over.',
  see: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/docker-push-multi-architecture-image.html',
  needs: ['detail', 'content'],
  parameters: {
    required: texts(/^[a-z0-9]+\/[a-z0-9_]+(?:\/v\d+)?$/, 'a platform such as linux/arm64', {
      about: 'Platforms as Docker writes them.',
      default: ['linux/amd64'],
      example: '[linux/amd64, linux/arm64]',
    }),
  },
  judge({ detail, content }, { required }) {
    // The members of an index are pushed before it, each as an image of its own.
    if (detail.tags.length === 0) return notApplicable('It has no tag: it may be one platform of a larger image.')
    const present = content.platforms.map(({ platform }) => platform)
    const evidence = [{ name: 'Platforms', value: present.join(', ') }]
    const missing = required.filter((platform) => !present.includes(platform))
    if (missing.length === 0) return pass('It is there for every platform that is required.', evidence)
    const command = `docker buildx build --platform ${[...new Set([...present, ...missing])].join(',')} --push`
    const text = `Build it for all of them at once: ${command} …`
    return fail(`It is not there for ${missing.join(', ')}.`, { text }, evidence)
  },
})
