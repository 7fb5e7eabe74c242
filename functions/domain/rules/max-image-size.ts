import { bytesText, roughBytes } from '../bytes.ts'
import { fail, pass } from '../rule/judgement.ts'
import { bytes } from '../rule/parameter.ts'
import { worstOf } from '../rule/platforms.ts'
import { imageRule } from '../rule/rule.ts'

const FIX = {
  text: 'Build in stages, and copy into a small last stage only what runs: FROM gcr.io/distroless/…, COPY --from=build.',
}

export const maxImageSize = imageRule({
  id: 'max-image-size',
  severity: 'LOW',
  summary: 'An image is no larger than it may be.',
  why: 'Each start on a new host pulls it, each version is stored and copied, and what nobody needs is scanned and patched.',
  see: 'https://docs.docker.com/build/building/multi-stage/',
  needs: ['manifest'],
  parameters: {
    limit: bytes({
      about: 'Compressed bytes of layers and configuration, as ECR stores them; of an index, for each platform.',
      default: 1_000_000_000,
      example: '1 GB',
    }),
  },
  judge: ({ manifest }, { limit }) =>
    worstOf(manifest.platforms, ({ sizeInBytes }) => {
      const evidence = [{ name: 'Size', value: roughBytes(sizeInBytes) }]
      return sizeInBytes > limit
        ? fail(`It has ${roughBytes(sizeInBytes)}, more than ${bytesText(limit)}.`, FIX, evidence)
        : pass('It is no larger than it may be.', evidence)
    }),
})
