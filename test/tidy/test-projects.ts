// Every test file is run by exactly one vitest project, and `npm test` runs every project.
//
// Invariant: a test in a folder that no project includes would pass for ever without being run; here it is an offence.

import { isTest } from './file-shape.ts';
import type { SourceFile } from './source-file.ts';

export interface TestProject {
  name: string;
  /** A folder, two stars, and an ending, the one shape of pattern that vitest.config.ts uses. */
  include: string[];
}

export function testsOutsideProjects(files: SourceFile[], projects: TestProject[]): string[] {
  return files
    .filter(({ path }) => isTest(path) && !path.endsWith('.test-d.ts'))
    .map(({ path }) => ({ path, homes: projects.filter(({ include }) => include.some((pattern) => matches(path, pattern))).map(({ name }) => name) }))
    .filter(({ homes }) => homes.length !== 1)
    .map(({ path, homes }) => `${path}: run by ${homes.length === 0 ? 'no project' : homes.join(' and ')} of vitest.config.ts`);
}

/** `runner` is the text of scripts/test.mjs, which names each project in a string of its own. */
export function projectsNotRun(projects: TestProject[], runner: SourceFile): string[] {
  return projects.filter(({ name }) => !runner.literals.includes(name)).map(({ name }) => `scripts/test.mjs: does not run the project ${name}`);
}

function matches(path: string, pattern: string): boolean {
  const [folder = '', ending = ''] = pattern.split('**/*');
  return path.startsWith(folder) && path.endsWith(ending);
}
