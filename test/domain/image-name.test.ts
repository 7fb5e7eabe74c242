import { describe, expect, test } from 'vitest'
import { commonName } from '../../functions/domain/image-name.ts'

const SHA = `@sha256:${'4a'.repeat(32)}`
const ECR = '123456789012.dkr.ecr.ap-northeast-1.amazonaws.com'

describe('the common name of an image', () => {
  test.each([
    ['node', 'node:latest'],
    ['node:22', 'node:22'],
    ['node:22-slim', 'node:22-slim'],
    ['library/node:22', 'node:22'],
    ['docker.io/library/node:22-slim', 'node:22-slim'],
    ['index.docker.io/library/node', 'node:latest'],
    ['registry-1.docker.io/library/node:22', 'node:22'],
    ['docker.io/bitnami/node:22', 'bitnami/node:22'],
    ['public.ecr.aws/docker/library/python:3.12-slim', 'python:3.12-slim'],
    ['public.ecr.aws/amazonlinux/amazonlinux:2023', 'amazonlinux:2023'],
    ['public.ecr.aws/lambda/nodejs:22', 'public.ecr.aws/lambda/nodejs:22'],
    ['gcr.io/distroless/static-debian12:nonroot', 'gcr.io/distroless/static-debian12:nonroot'],
    ['localhost:5000/base/node:22', 'localhost:5000/base/node:22'],
    [`${ECR}/base/node:22`, 'base/node:22'],
    [`${ECR}/docker-hub/library/node:22`, 'node:22'],
    ['123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/base/node:22', 'base/node:22'],
    ['123456789012.dkr-ecr.eu-west-1.on.aws/base/node:22', 'base/node:22'],
    ['example.com/library/node:22', 'example.com/library/node:22'],
    ['docker-hub/library/node:22', 'docker-hub/library/node:22'],
    [`node:22-slim${SHA}`, 'node:22-slim'],
    [`node${SHA}`, 'node'],
    ['scratch', 'scratch'],
  ])('%s is %s', (name, common) => {
    expect(commonName(name)).toBe(common)
  })

  test.each([
    '',
    ' ',
    'a b',
    '<!channel>',
    'node:',
    ':22',
    'node:22:23',
    '/node',
    'node/',
    'node@sha256:1',
    'a'.repeat(513),
  ])('%j is none', (name) => {
    expect(commonName(name)).toBeUndefined()
  })
})
