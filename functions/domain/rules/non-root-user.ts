import { fail, notApplicable, pass } from '../rule/judgement.ts'
import { worstOf } from '../rule/platforms.ts'
import { imageRule } from '../rule/rule.ts'

/** Without the group that may follow a user's name or number: `1000:0`. */
const userIn = (user: string): string => user.replace(/:.*/s, '').trim()

/** Runtimes read a number as Go's `strconv.Atoi` does: `00` and `+0` are root too. */
const isRoot = (user: string): boolean => user === 'root' || /^[+-]?0+$/.test(user)

const FIX = {
  text: 'In the last stage of the Dockerfile, after what needs root, write: USER 10001. Kubernetes can only check a number.',
}

/** The number of a user lies in the image's files, which are not read: a name may be root's by another name. */
export const nonRootUser = imageRule({
  id: 'non-root-user',
  severity: 'HIGH',
  summary: 'Images do not run as root.',
  why: 'Whoever takes over a process of root is root in the container, and one fault of the kernel away from the host.',
  see: 'https://docs.docker.com/build/building/best-practices/#user',
  needs: ['content'],
  parameters: {},
  judge: ({ content }) =>
    worstOf(content.platforms, ({ platform, config }) => {
      if (platform.startsWith('windows/')) return notApplicable('Windows has no user called root.')
      const user = userIn(config.user ?? '')
      const evidence = [{ name: 'USER', value: config.user || 'none' }]
      if (user === '') return fail('It runs as root, since it names no user.', FIX, evidence)
      return isRoot(user) ? fail('It runs as root.', FIX, evidence) : pass('It does not run as root.', evidence)
    }),
})
