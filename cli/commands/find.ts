import { AWS_OPTIONS } from '../aws/aws-options.ts'
import { command } from '../command.ts'
import { flag, text, texts } from '../option.ts'
import { choice, STORE_OPTION } from '../sweep/options.ts'

const { region, profile } = AWS_OPTIONS

export const find = command({
  name: 'find',
  summary: 'Says which images have a package, which of them are in use, and whose they are.',
  about: [
    'From the index of packages that the sweep keeps where steward.yaml says packages under sweep: docs/find.md. No call of ECR is made; of a bucket, what has changed is read, and the rest is in the folder for caches.',
    'A package is its name, in full or the last part of it, after its ecosystem and a slash where you like, and a range of versions after @ or a space. What is not known to be outside of the range is shown: an image whose SBOM gives no version, or one that cannot be compared.',
    'The exit code is 0 where no image has it and all are known, 1 where one has it, 3 where none is known to have it but some images have no SBOM, or no version that can be compared.',
    'On a terminal a table. In a pipe the table is lines of fields separated by tabs.',
  ],
  argument: { term: '[PACKAGE...]', about: 'Package and range: log4j-core@<2.17.1. May be left out with --missing.' },
  options: {
    ecosystem: text(
      '--ecosystem <TYPE>',
      'Packages of one ecosystem, as package URLs name it: npm, maven, pypi, deb. Otherwise of all.',
    ),
    inUse: flag('--in-use', 'Images that are in use alone, and those of which that is not known.'),
    missing: flag('--missing', 'List the images of which nothing is known, with the reason, instead.'),
    output: choice('--output <FORMAT>', 'table, json (docs/find.schema.json) or csv. Otherwise table.', [
      'table',
      'json',
      'csv',
    ]),
    ...STORE_OPTION,
    index: texts(
      '--index <PATH>',
      'A file of an index, or a folder of such files; may be given several times. Otherwise the index of --store.',
    ),
    ...{ region, profile },
  },
  examples: [
    { about: 'Where is log4j-core below 2.17.1, and is it in use?', line: 'find "log4j-core@<2.17.1"' },
    {
      about: 'Owners of images in use that have it, of the sweeps of the stack:',
      line: `find "maven/log4j-core <2.17.1" --in-use --store s3://ecr-steward-sweep --output json | jq -r '.images[].owner' | sort -u`,
    },
    { about: 'Which images have no SBOM:', line: 'find --missing' },
  ],
  run: async (words, options, io) => (await import('../find/find.ts')).find(words, options, io),
})
