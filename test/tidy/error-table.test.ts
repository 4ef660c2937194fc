// docs/guides/errors.md has every code with its sentence: what a user reads in a message can be looked up there.

import { closeMessages, refusalMessages } from '@tickwire/shared';
import { expect, test } from 'vitest';
import { loadRepository, textOf } from './repository.ts';

test('[HO14] the guide of errors has each code with the sentence of its message', () => {
  const guide = textOf(loadRepository(), 'docs/guides/errors.md');
  const missing = Object.entries({ ...closeMessages, ...refusalMessages })
    .map(([code, sentence]) => `| \`${code}\` | ${sentence.replaceAll('|', '\\|')} |`)
    .filter((row) => !guide.includes(row));
  expect(missing, 'add these rows to docs/guides/errors.md').toEqual([]);
});
