import { quoted, type Refusal } from './refusal.ts'

/** Characters of a name, with its namespaces. */
const LENGTH = { least: 2, most: 256 } as const

/** ECR's own pattern, which it holds against a name without its length. */
const NAME = /^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*$/

/** Whether it is made as the name of a repository is, however long it is. */
export const hasNameForm = (text: string): boolean => NAME.test(text)

/** Whether ECR takes it as the name of a repository. @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html */
export const isRepositoryName = (name: string): boolean =>
  name.length >= LENGTH.least && name.length <= LENGTH.most && NAME.test(name)

/** Why ECR would not take the name; undefined where it would. @param prop that holds it */
export function nameRefusal(name: string, prop = 'repositoryName'): Refusal | undefined {
  if (isRepositoryName(name)) return undefined
  if (name.length < LENGTH.least || name.length > LENGTH.most)
    return {
      prop,
      why: `${quoted(name)} has ${name.length} characters`,
      write: `${LENGTH.least} to ${LENGTH.most} of them`,
    }
  return {
    prop,
    why: `${quoted(name)} is no name of a repository`,
    write:
      'lower-case letters and digits, with one of . _ - or with __ or several - between them, and / between namespaces: team-a/web',
  }
}
