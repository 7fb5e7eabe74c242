import { AWS_OPTIONS } from '../aws/aws-options.ts'
import { command } from '../command.ts'
import { flag, text, texts } from '../option.ts'

export const lifecycleDiff = command({
  name: 'lifecycle diff',
  summary: 'Shows for which images it matters which of two lifecycle policies holds.',
  about: [
    'OLD and NEW are files; - stands for the policy that a repository has, and for none where it has none. Images are those of repositories, or of files with the output of aws ecr describe-images. Nothing is changed.',
    'In a pipe each image whose end changes is a line of fields separated by tabs: what is done by OLD, by NEW, repository, digest, tags, rule of OLD, of NEW, bytes, reason of NEW. That another rule does the same is no change.',
  ],
  argument: { term: '<OLD> <NEW> [REPOSITORY...]', about: 'A repository, a pattern in quotes, or a URI.' },
  options: {
    images: texts(
      '--images <FILE>',
      'Images of one repository, as for lifecycle preview. Otherwise those of the repositories. May be given several times.',
    ),
    now: text('--now <INSTANT>', 'As of then: a day, a time with its offset, or seconds since 1970. Otherwise now.'),
    json: flag('--json', 'As JSON: the changes, and what each policy expires, archives and keeps.'),
    ...AWS_OPTIONS,
  },
  examples: [
    { about: 'What a new policy changes for a repository:', line: 'lifecycle diff - prod.json prod/api' },
    {
      about: 'What a pull request changes, by saved images:',
      line: 'lifecycle diff old.json new.json --images images.json',
    },
  ],
  run: async (words, options, io) => (await import('../lifecycle/diff.ts')).diff(words, options, io),
})
