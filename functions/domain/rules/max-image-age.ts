import type { ImageDetail } from '../facts/image-facts.ts'
import { fail, type Judgement, pass, unknown } from '../rule/judgement.ts'
import { choice, days } from '../rule/parameter.ts'
import { worstOf } from '../rule/platforms.ts'
import { imageRule } from '../rule/rule.ts'

const DAY = 86_400_000

/** Reproducible builds say 1970, or 1980 as archives do: a time that is none. */
const LONG_AGO = Date.parse('1990-01-01T00:00:00Z')

const FIX = { text: 'Build it again on a current base image, and push it.' }

type Since = { readonly what: 'built' | 'pushed'; readonly at: string }

/** When it was pushed, where its builder says no time, or one that cannot be. */
function sinceOf(created = '', { pushedAt }: ImageDetail): Since {
  const built = Date.parse(created)
  return built >= LONG_AGO && built <= Date.parse(pushedAt)
    ? { what: 'built', at: created }
    : { what: 'pushed', at: pushedAt }
}

function judgeAge({ what, at }: Since, limit: number, now: Date): Judgement {
  const age = Math.max(0, Math.floor((now.getTime() - Date.parse(at)) / DAY))
  const evidence = [{ name: what === 'built' ? 'Built' : 'Pushed', value: at }]
  return age > limit
    ? fail(`It was ${what} ${age} days ago, more than ${limit}.`, FIX, evidence)
    : pass(`It was ${what} within ${limit} days.`, evidence)
}

export const maxImageAge = imageRule({
  id: 'max-image-age',
  severity: 'LOW',
  summary: 'An image is no older than it may be.',
  why: 'What is not built again gets no fix: the packages of its base are those of the day on which it was built.',
  see: 'https://docs.docker.com/build/building/best-practices/#rebuild-your-images-often',
  needs: ['detail'],
  helpedBy: ['content'],
  parameters: {
    days: days({ about: 'Days that it may be old.', default: 90, example: '90' }),
    since: choice(['build', 'push'], {
      about: 'From when it counts. A build that says no time, or 1970 to be reproducible, counts from the push.',
      default: 'build',
      example: 'push',
    }),
  },
  judge({ detail, content }, { days: limit, since }, { now }) {
    if (since === 'push') return judgeAge({ what: 'pushed', at: detail.pushedAt }, limit, now)
    if ('unread' in content) return unknown(content.unread)
    return worstOf(content.value.platforms, ({ config }) => judgeAge(sinceOf(config.created, detail), limit, now))
  },
})
