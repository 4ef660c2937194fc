// The rules of the repository that no compiler and no linter has, held against the repository itself.
// tidy-checks.test.ts shows that each of these checks can fail.

import { expect, test } from 'vitest';
import { projects } from '../../vitest.config.ts';
import { ruleOffences, unnumberedTests } from './behaviour-rules.ts';
import { deadFiles } from './dead-files.ts';
import { undeclared, unused } from './dependencies.ts';
import { badlyNamed, exportStars, heldBackTests, machinePaths, tooLong, withoutHeader } from './file-shape.ts';
import { forbiddenImports, readImportTable } from './import-table.ts';
import { loadRepository, textOf } from './repository.ts';
import { projectsNotRun, testsOutsideProjects } from './test-projects.ts';

const repository = loadRepository();
const { sources, manifests, texts } = repository;

test('[TD1] no source is longer than 400 lines', () => {
  expect(tooLong(sources)).toEqual([]);
});

test('[TD2] every source of a package opens with 3 to 10 lines that say what it owns', () => {
  expect(withoutHeader(sources)).toEqual([]);
});

test('[TD3] files are named in kebab-case, after a noun', () => {
  expect(badlyNamed(sources)).toEqual([]);
});

test('[TD4] every index lists its names by hand', () => {
  expect(exportStars(sources)).toEqual([]);
});

test('[TD5] every import is allowed by the import table', () => {
  expect(forbiddenImports(sources, readImportTable(textOf(repository, 'docs/ARCHITECTURE.md')))).toEqual([]);
});

test('[TD6] no file holds a path of one machine', () => {
  expect(machinePaths(texts)).toEqual([]);
});

test('[TD7] no test is held back', () => {
  expect(heldBackTests(sources)).toEqual([]);
});

test('[TD8] every source is reached from an entry, a page or a script, or from a test outside the packages', () => {
  expect(deadFiles(repository)).toEqual([]);
});

test('[TD9] every rule is carried by a test, and every test file carries a rule', () => {
  expect(ruleOffences(textOf(repository, 'docs/BEHAVIOUR.md'), sources)).toEqual([]);
  expect(unnumberedTests(sources)).toEqual([]);
});

test('[TD10] packages declare what they import, and import what they declare', () => {
  expect(undeclared(sources, manifests)).toEqual([]);
  expect(unused(sources, manifests)).toEqual([]);
});

test('[TD11] every test file belongs to one vitest project, and npm test runs every project', () => {
  const homes = projects.map((project) => project.test);
  const runner = sources.find(({ path }) => path === 'scripts/test.mjs');
  expect(testsOutsideProjects(sources, homes)).toEqual([]);
  expect(runner && projectsNotRun(homes, runner)).toEqual([]);
});
