import type { Result } from '../batch.ts'
import { eventsOf, isYoung, receivesOf } from '../delivery.ts'
import { minute, type Telling } from '../domain/compose.ts'
import type { RepositoryState } from '../domain/repository-state.ts'
import { heardOf } from '../domain/told-verdicts.ts'
import { isOpen, type Verdict } from '../domain/verdict.ts'
import { Gone, Later } from '../faults.ts'
import { type Claim, claimIfFree, underClaim } from '../memory.ts'
import { forWhom, onlyRead } from '../policy/in-registry.ts'
import { repositorySubject, settle } from '../policy/repository.ts'
import { tellNews, toldBefore } from '../policy/tell.ts'
import { artifactIn, type Decision, decide, detailIn, isJudgedWithIndex, platformsIn } from './decide.ts'
import { type Gathered, gatherPush, judgingOfRepository, repositoryOf } from './gather.ts'
import { type Group, isReferrer, mayBePlatform } from './group.ts'
import { cameAgain, type ImageState, imageSubject, rememberImage } from './image-state.ts'
import type { Moves } from './moves.ts'
import type { Deps, Ports } from './ports.ts'
import { quarantineLines, quarantineOf } from './quarantine.ts'
import { readsAttached } from './subject.ts'

type Claims = { readonly image: Claim<ImageState>; readonly repository: Claim<RepositoryState> | undefined }

/** The claim on the repository is had or not: many pushes into it at once do not wait for each other. */
async function underClaims<R>(
  group: Group,
  { imageMemory, repositoryMemory }: Ports,
  gathering: Promise<Gathered>,
  work: (claims: Claims, gathered: Gathered) => Promise<R>,
): Promise<R> {
  const subject = repositorySubject(repositoryOf(group))
  const repository = group.rules.repository.length > 0 ? await claimIfFree(repositoryMemory, subject) : undefined
  try {
    return await underClaim(imageMemory, imageSubject(group.image), gathering, (image, gathered) =>
      work({ image, repository }, gathered),
    )
  } catch (error) {
    await repository?.release()
    throw error
  }
}

type About = Pick<Telling, 'slack' | 'notices' | 'now' | 'quarantine'>

function tellingOf(group: Group, gathered: Gathered, about: About): Telling {
  const { tags = [], pushedAt } = detailIn(gathered) ?? {}
  const moves = gathered.moves.map(({ tag, from }) => ({
    name: 'Tag moved',
    value: `${tag} from ${from} to ${group.image.digest}`,
  }))
  return {
    subject: { ...group.image, tags: tags.length > 0 ? tags : group.image.tags },
    ...about,
    moved: gathered.moves.map(({ tag }) => tag),
    facts: [...(pushedAt ? [{ name: 'Pushed', value: minute(pushedAt) }] : []), ...moves],
    events: eventsOf(group),
  }
}

/** The platforms of an index are judged with it: their own events have nothing to add. */
async function markPlatforms(group: Group, { imageMemory }: Ports, platforms: readonly string[]): Promise<void> {
  await Promise.all(
    platforms.map(async (digest) => {
      const claim = await claimIfFree(imageMemory, imageSubject({ ...group.image, digest }))
      await claim?.mark({ told: {}, events: [], ...claim.told, partOf: group.image.digest })
    }),
  )
}

const AGAIN = { first: '', repeated: 'the same event again: ', 're-push': 'pushed again: ' }

/** Why nobody is told anything. */
function whyQuiet(group: Group, gathered: Gathered, state: ImageState | undefined, { items, rings }: Decision): Result {
  const repository = group.image.repository
  if (rings)
    return {
      outcome: 'quiet',
      reason: `no entry of alerts matches repository ${repository}: nobody is told what fails`,
    }
  if (isJudgedWithIndex(state, group)) return { outcome: 'known', reason: `judged with its index ${state?.partOf}` }
  const open = items.filter(({ verdict }) => isOpen(verdict)).length
  if (open > 0) return { outcome: 'known', reason: toldBefore(open) }
  const artifact = artifactIn(gathered)
  if (artifact) return { outcome: 'not-an-image', reason: `it is ${artifact.what}` }
  if (isReferrer(group)) return { outcome: 'not-an-image', reason: 'it refers to an image, as ECR says' }
  return { outcome: 'quiet', reason: 'every rule holds, or is excepted' }
}

async function decideAndTell(group: Group, deps: Deps, now: Date, claims: Claims, gathered: Gathered): Promise<Result> {
  const { ports } = deps
  const { told: state } = claims.image
  const events = eventsOf(group)
  const there = ports.registries(group.image)
  const judging = judgingOfRepository(group, deps, now)
  const settling = { ref: repositoryOf(group), judging, hands: there.hands, events, inForce: group.rules.inForce }
  const news = claims.repository && (await settle(claims.repository, gathered.repository, settling))
  const decision = decide(group, gathered, state, news)
  const { policy } = group
  const quarantine = await quarantineOf({
    group,
    deps,
    gathered,
    claim: claims.image,
    verdicts: decision.verdicts,
    now,
  })
  const rings = decision.rings || quarantine.rings
  const say = { ...decision, rings, outcomes: news?.outcomes ?? [] }
  const notices = [...onlyRead(group.rules.repository, decision.items, there), ...forWhom(group.image, deps.home, say)]
  const told = policy
    ? await tellNews(
        tellingOf(group, gathered, { slack: policy.slack, notices, now, quarantine: quarantine.told }),
        ports.alerts,
        say,
      )
    : []
  if (!state) await markPlatforms(group, ports, platformsIn(gathered, group))
  const verdicts = heardOf(decision.items, decision.verdicts, policy !== undefined)
  const seen = { verdicts, events, moves: policy ? gathered.moves : [], quarantine: quarantine.next }
  await claims.image.mark(rememberImage(state, seen))
  await news?.mark({ isTold: policy !== undefined, isShown: policy !== undefined && rings })
  const [first = whyQuiet(group, gathered, state, decision), ...more] = told
  const reason = `${AGAIN[cameAgain(state, events)]}${first.reason}`
  const comesAgain = mayStillCome(group, gathered, decision.verdicts)
  return { ...first, reason, more: [...more, ...quarantineLines(quarantine)], ...(comesAgain && { comesAgain }) }
}

/** Receives up to which an event comes back for what may still be attached: about 40 minutes. After that the sweep judges. */
const MOST_RECEIVES = 7

/** Whether what is missing today need not be there yet: who judges once it has to be? */
const mayStillCome = (group: Group, gathered: Gathered, verdicts: readonly Verdict[]): boolean =>
  receivesOf(group) < MOST_RECEIVES &&
  artifactIn(gathered) === undefined &&
  group.rules.image
    .filter(readsAttached)
    .some(({ rule: { id } }) => verdicts.some(({ rule, outcome }) => rule === id && outcome === 'not-applicable'))

/**
 * Judges an image that was pushed, and its repository, and tells once what fails and how to mend it.
 * @throws {Later} while ECR does not know the image, or an answer of AWS may come later
 */
export async function checkPush(group: Group, deps: Deps, moves: Moves): Promise<Result> {
  if (mayBePlatform(group)) throw new Later('it has no tag: an index that it is a platform of may follow')
  const now = deps.now()
  const gathering = gatherPush(group, deps, moves, now)
  // Its failure is met under the claims.
  gathering.catch(() => undefined)
  try {
    return await underClaims(group, deps.ports, gathering, (claims, gathered) =>
      decideAndTell(group, deps, now, claims, gathered),
    )
  } catch (error) {
    if (!(error instanceof Gone)) throw error
    if (isYoung(group, now)) throw new Later(`not yet: ${error.message}`, { cause: error })
    return { outcome: 'gone', reason: error.message }
  }
}
