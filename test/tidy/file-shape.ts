// How a file looks from outside: its length, its opening comment, its name, and what it must not contain.
//
// Each check takes parsed files and gives one line per offence, in the order of the files.

import type { TextFile } from './repository.ts';
import type { SourceFile } from './source-file.ts';

/** A file that a person can hold in the head (DESIGN section 6). */
const MAX_LINES = 400;

const HEADER_LINES = { least: 3, most: 10 };

export function tooLong(files: SourceFile[]): string[] {
  return files.filter((file) => file.lineCount > MAX_LINES).map((file) => `${file.path}: ${file.lineCount} lines, at most ${MAX_LINES}`);
}

/** Sources of the packages open with a comment that says what they own, their invariant and their units. */
export function withoutHeader(files: SourceFile[]): string[] {
  return files
    .filter(({ path }) => /^packages\/[^/]+\/src\//.test(path) && !/(^|\/)index\.ts$/.test(path) && !isTest(path))
    .flatMap((file) => {
      const lines = headerLines(file.text);
      if (lines >= HEADER_LINES.least && lines <= HEADER_LINES.most) return [];
      return [`${file.path}: opens with ${lines} comment lines, must be ${HEADER_LINES.least} to ${HEADER_LINES.most}`];
    });
}

/** Kebab-case files and folders, and no name that says nothing. */
export function badlyNamed(files: SourceFile[]): string[] {
  return files.flatMap((file) => {
    const offences: string[] = [];
    const segments = file.path.split('/');
    for (const segment of segments) {
      if (!kebabCase.test(segment)) offences.push(`${file.path}: ${segment} is not kebab-case`);
      for (const word of segment.split(/[-.]/)) if (emptyWords.test(word)) offences.push(`${file.path}: "${word}" says nothing; name the noun`);
    }
    for (const name of file.exportedNames) {
      const word = name.split(/(?=[A-Z])/).find((part) => emptyWords.test(part));
      if (word) offences.push(`${file.path}: exported ${name}: "${word}" says nothing; name the noun`);
    }
    return offences;
  });
}

export function exportStars(files: SourceFile[]): string[] {
  return files.flatMap((file) => file.exportStars.map((line) => `${file.path}:${line}: export *; list the names`));
}

export function heldBackTests(files: SourceFile[]): string[] {
  return files.flatMap((file) => file.heldBack.map(({ word, line }) => `${file.path}:${line}: a test marked .${word}`));
}

/** Paths of somebody's machine work nowhere else. */
export function machinePaths(files: TextFile[]): string[] {
  return files.flatMap((file) =>
    file.text.split('\n').flatMap((line, index) => {
      const match = machinePath.exec(line);
      return match ? [`${file.path}:${index + 1}: ${match[1]}`] : [];
    }),
  );
}

export function isTest(path: string): boolean {
  return /\.(test|test-d|sim)\.ts$/.test(path);
}

function headerLines(text: string): number {
  const lines = text.split('\n');
  const end = lines.findIndex((line) => !line.startsWith('//'));
  return end === -1 ? lines.length : end;
}

const kebabCase = /^\.?[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)*$/;

const emptyWords = /^(utils?|utilit(y|ies)|managers?|helpers?)$/i;

const machinePath = /(?:^|[\s'"`(=:])((?:\/(?:home|Users|root|work|tmp|var\/folders)\/|[A-Z]:\\+Users\\)[\w.-]+)/;
