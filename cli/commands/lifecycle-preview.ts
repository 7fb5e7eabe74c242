import { AWS_OPTIONS } from '../aws/aws-options.ts'
import { command } from '../command.ts'
import { flag, text, texts } from '../option.ts'

export const lifecyclePreview = command({
  name: 'lifecycle preview',
  summary: 'Shows what a lifecycle policy would do to each image, and why.',
  about: [
    'Images are those of repositories, or of files with the output of aws ecr describe-images. Without --policy each repository is taken by the policy that it has. Nothing is changed.',
    'On a terminal, what happens comes by rule, with sums. In a pipe each image is a line of fields separated by tabs: what is done, repository, digest, tags, rule, when it is due, bytes, reason.',
    "ECR's own preview says neither why nor when, keeps no other time, and needs a repository: --native compares with it, and ends with 1 where the two differ.",
  ],
  argument: { term: '[REPOSITORY...]', about: 'A repository, a pattern in quotes, or a URI.' },
  options: {
    policy: text(
      '--policy <FILE>',
      'The policy: what aws ecr put-lifecycle-policy takes as --lifecycle-policy-text. Otherwise that of each repository.',
    ),
    images: texts(
      '--images <FILE>',
      'Images of one repository: output of aws ecr describe-images --filter imageStatus=ANY, and of batch-get-image for what indexes list. Otherwise those of the repositories. May be given several times.',
    ),
    now: text('--now <INSTANT>', 'As of then: a day, a time with its offset, or seconds since 1970. Otherwise now.'),
    native: flag('--native', 'Have ECR evaluate it too, and show where its answer differs.'),
    json: flag('--json', 'As JSON, with every image: docs/lifecycle-preview.schema.json.'),
    ...AWS_OPTIONS,
  },
  examples: [
    { about: 'What the policy that a repository has will do:', line: 'lifecycle preview prod/api' },
    {
      about: 'A policy before it is put, checked against ECR:',
      line: 'lifecycle preview --policy prod.json prod/api --native',
    },
    {
      about: 'Without AWS, and as of the end of the year:',
      line: 'lifecycle preview --policy prod.json --images images.json --now 2026-12-31 --json',
    },
  ],
  run: async (words, options, io) => (await import('../lifecycle/preview.ts')).preview(words, options, io),
})
