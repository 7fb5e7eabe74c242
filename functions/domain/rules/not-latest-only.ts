import { listed } from '../listed.ts'
import { matches } from '../pattern.ts'
import { ordinaryTags, withoutTag } from '../quarantine/tags.ts'
import { fail, notApplicable, pass } from '../rule/judgement.ts'
import { globs } from '../rule/parameter.ts'
import { imageRule } from '../rule/rule.ts'

const FIX = {
  text: 'Push it under a tag of its own as well, as v1.2.3 or git-abc123def, and deploy that one.',
}

export const notLatestOnly = imageRule({
  id: 'not-latest-only',
  severity: 'MEDIUM',
  summary: 'An image has a tag beside `latest`.',
  why: 'With the next push nothing names it any more: nobody can go back to it, or tell which version runs where.',
  see: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-tag-mutability.html',
  needs: ['detail'],
  parameters: {
    moving: globs({
      about: 'Tags that move from image to image, and so name none.',
      default: ['latest'],
      example: '[latest, "stable*"]',
    }),
  },
  judge({ detail }, { moving }) {
    const tags = ordinaryTags(detail.tags)
    if (tags.length === 0) return notApplicable(withoutTag(detail))
    const evidence = [{ name: 'Tags', value: listed(tags, 20) }]
    return tags.every((tag) => moving.some((pattern) => matches(pattern, tag)))
      ? fail(`It has no tag but ${listed(tags)}, which will move.`, FIX, evidence)
      : pass('It has a tag of its own.', evidence)
  },
})
