import { BASE_NAME, basesOf } from '../ancestry/ancestor.ts'
import type { BaseImage, PlatformImage, PlatformScan } from '../facts/image-facts.ts'
import { commonName } from '../image-name.ts'
import { listed } from '../listed.ts'
import { matches } from '../pattern.ts'
import { fail, type Judgement, pass, unknown } from '../rule/judgement.ts'
import { globs, texts } from '../rule/parameter.ts'
import { worstOf } from '../rule/platforms.ts'
import { imageRule } from '../rule/rule.ts'

/** Small, and kept up: no shell, musl, Debian without what few need, and what AWS maintains. */
const ALLOWED = [
  'scratch',
  'gcr.io/distroless/**',
  'alpine:*',
  '**/alpine:*',
  '**:*-alpine*',
  '**:*-slim*',
  'amazonlinux:2023*',
  '**/amazonlinux:2023*',
]

const DISCOURAGED = ['ubuntu:latest', 'node:latest', 'python:latest']

type Lists = { readonly allowed: readonly string[]; readonly discouraged: readonly string[] }

/** What an image may be built upon, by its names, and how that is known. */
type Known = { readonly names: readonly string[]; readonly by: string; readonly isOurs?: boolean }

const matchesAny = (patterns: readonly string[], name: string): boolean =>
  patterns.some((pattern) => matches(pattern, name))

/** Annotations first: labels an image inherits from its base, with what that one is built upon. */
function byLabel({ annotations, config }: PlatformImage): Known | undefined {
  const name = commonName(annotations[BASE_NAME] ?? config.labels[BASE_NAME] ?? '')
  return name === undefined ? undefined : { names: [name], by: 'Base image, by its label' }
}

/** The known image with the most of its layers, by all of its tags. */
function byLayers({ layers }: PlatformImage, bases: readonly BaseImage[]): Known | undefined {
  const names = basesOf(layers, bases).map(({ name }) => name)
  return names.length > 0 ? { names, by: 'Base image, by its layers', isOurs: true } : undefined
}

/** `DEBIAN_12` as `debian:12`. */
function osName(os: string | undefined): string | undefined {
  const [, name = '', version = ''] = /^([A-Z_]+?)_(\d[\d_]*)$/.exec(os ?? '') ?? []
  if (name === '') return undefined
  return `${name.toLowerCase().replace('_linux', name === 'AMAZON_LINUX' ? 'linux' : '')}:${version.replaceAll('_', '.')}`
}

function judgeKnown({ names, by, isOurs = false }: Known, { allowed, discouraged }: Lists): Judgement {
  const evidence = [{ name: by, value: listed(names) }]
  const bad = names.filter((name) => matchesAny(discouraged, name))
  const rest = names.filter((name) => !bad.includes(name))
  const good = rest.find((name) => isOurs || allowed.length === 0 || matchesAny(allowed, name))
  if (good !== undefined) return pass(`It is built upon ${good}.`, evidence)
  const upon = listed(bad.length > 0 ? bad : names)
  const text = `Build it upon one of these: ${listed(allowed, 10)}.`
  return fail(
    `It is built upon ${upon}, which is ${bad.length > 0 ? 'discouraged' : 'not allowed'}.`,
    { text },
    evidence,
  )
}

const FIX = {
  text: `Have the build say it, by --label ${BASE_NAME}=node:22-slim, or name the repositories of your base images in the rule.`,
}

type Help = { readonly bases: readonly BaseImage[]; readonly scans: readonly PlatformScan[]; readonly unread: string }

function judgeBase(image: PlatformImage, { bases, scans, unread }: Help, lists: Lists): Judgement {
  const known = byLabel(image) ?? byLayers(image, bases)
  if (known) return judgeKnown(known, lists)
  const { os } = scans.find(({ digest }) => digest === image.digest) ?? {}
  const name = osName(os)
  if (name !== undefined && matchesAny(lists.allowed, name))
    return pass(`It is built upon ${name}.`, [{ name: 'Operating system, by its scan', value: String(os) }])
  const seen = name === undefined ? '' : ` Its scan says ${os}, which many images are built upon.`
  return unknown(`Neither labels nor layers say what it is built upon.${seen}${unread}`, FIX)
}

const LISTS = {
  allowed: globs({
    about:
      'What images may be built upon, by the names that Docker knows them by; images of other registries with their host. An empty list allows all.',
    default: ALLOWED,
    example: '["gcr.io/distroless/**", "**:*-slim*"]',
  }),
  discouraged: globs({
    about: 'What no image may be built upon, whatever is allowed.',
    default: DISCOURAGED,
    example: '["**:latest"]',
  }),
}

export const baseImage = imageRule({
  id: 'base-image',
  severity: 'MEDIUM',
  summary: 'Images are built upon base images that are allowed.',
  why: 'Most of what is vulnerable in an image comes with its base; a small one that is kept up brings little, one that moves brings something else each day.',
  see: 'https://docs.docker.com/build/building/best-practices/#choose-the-right-base-image',
  needs: ['content'],
  helpedBy: ['bases', 'scan'],
  parameters: {
    ...LISTS,
    repositories: texts(/^[a-z0-9][a-z0-9._/-]{1,255}$/, 'the name of a repository', {
      about:
        'Repositories of this registry with base images: what has the layers of one of their tagged images is built upon that, which is allowed unless discouraged.',
      default: [],
      example: '[base/node, docker-hub/library/alpine]',
    }),
  },
  judge({ content, bases, scan }, lists) {
    const help: Help = {
      bases: 'unread' in bases ? [] : bases.value,
      scans: 'unread' in scan ? [] : scan.value.platforms,
      unread: 'unread' in bases ? ` The images of the base repositories are not known: ${bases.unread}.` : '',
    }
    return worstOf(content.platforms, (image) => judgeBase(image, help, lists))
  },
})
