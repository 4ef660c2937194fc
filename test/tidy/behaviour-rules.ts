// Ties the numbered rules of docs/BEHAVIOUR.md to the tests that carry their numbers, both ways.
//
// A rule is a line that starts `- **XX1**`. A test carries it when its name holds `[XX1]`. Names that are made in a loop are found by
// their literal: any string of a test folder or test file that starts with `[XX1]`.

import { isTest } from './file-shape.ts';
import type { SourceFile } from './source-file.ts';

export function ruleOffences(behaviour: string, files: SourceFile[]): string[] {
  const rules = [...behaviour.matchAll(/^- \*\*([A-Z]{2,3}\d+)\*\*/gm)].map((match) => match[1] ?? '');
  const carriers = carriedRules(files);
  return [
    ...rules.filter((rule, index) => rules.indexOf(rule) !== index).map((rule) => `docs/BEHAVIOUR.md: ${rule} is numbered twice`),
    ...rules.filter((rule) => !carriers.has(rule)).map((rule) => `docs/BEHAVIOUR.md: no test carries [${rule}]`),
    ...[...carriers].filter(([rule]) => !rules.includes(rule)).map(([rule, path]) => `${path}: [${rule}] is no rule of docs/BEHAVIOUR.md`),
  ];
}

/** Tests without any number: `it does not matter` is no reason to keep a test. */
export function unnumberedTests(files: SourceFile[]): string[] {
  return files
    .filter(({ path }) => isTest(path))
    .filter((file) => ![...file.testNames, ...file.literals].some((name) => rulesIn(name).length > 0))
    .map((file) => `${file.path}: no test of it carries a rule`);
}

/** Each carried rule with the first file that carries it. */
function carriedRules(files: SourceFile[]): Map<string, string> {
  const carried = new Map<string, string>();
  for (const file of files) {
    if (!isTest(file.path) && !file.path.startsWith('test/')) continue;
    const names = [...file.testNames, ...file.literals.filter((text) => /^\[[A-Z]{2,3}\d+\]/.test(text))];
    for (const rule of names.flatMap(rulesIn)) if (!carried.has(rule)) carried.set(rule, file.path);
  }
  return carried;
}

function rulesIn(name: string): string[] {
  return [...name.matchAll(/\[([A-Z]{2,3}\d+)\]/g)].map((match) => match[1] ?? '');
}
