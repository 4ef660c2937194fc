// A source file as the tidy checks see it: its imports, exported names, test names and string literals, read with a real parser.
//
// Owns: parsing and nothing else; every check is a plain function over these records, so a fixture is a path and a text.
// Invariant: comments are never taken for code. A file that does not parse is an error of its own (the type check says why).
// Units: lines are counted from 1; paths are relative to the root of the repository, with forward slashes.

import { parseSync } from 'vite';

export interface Import {
  specifier: string;
  /** Of an `import type`, an `export type` or an `import()` in a type: gone at run time. */
  typeOnly: boolean;
  line: number;
}

export interface SourceFile {
  path: string;
  text: string;
  lineCount: number;
  imports: Import[];
  exportedNames: string[];
  /** Lines of `export * from`. */
  exportStars: number[];
  /** Every string, and every template with a HOLE where a value goes. */
  literals: string[];
  /** The first argument of each test, it and describe call. */
  testNames: string[];
  /** `.only`, `.skip` and the like on a test, with their lines. */
  heldBack: { word: string; line: number }[];
}

/** Reads one file. JavaScript, TypeScript and nothing else. */
export function parseSource(path: string, text: string): SourceFile {
  const { program, errors } = parseSync(path, text, { lang: 'ts', sourceType: 'module' });
  if (errors.length > 0) throw new Error(`${path} does not parse: ${errors[0]?.message}`);
  const file: SourceFile = {
    path,
    text,
    lineCount: text.replace(/\n$/, '').split('\n').length,
    imports: [],
    exportedNames: [],
    exportStars: [],
    literals: [],
    testNames: [],
    heldBack: [],
  };
  walk(program as unknown as Node, (node) => visit(file, node));
  return file;
}

/** A node of the syntax tree; only the few members that the checks look at are ever read. */
type Node = { type: string; start: number } & Record<string, unknown>;

function walk(node: Node, visitNode: (node: Node) => void): void {
  visitNode(node);
  for (const child of Object.values(node)) {
    if (Array.isArray(child)) {
      for (const item of child) if (isNode(item)) walk(item, visitNode);
    } else if (isNode(child)) walk(child, visitNode);
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as Node).type === 'string';
}

function visit(file: SourceFile, node: Node): void {
  switch (node.type) {
    case 'ImportDeclaration':
      addImport(file, node, node['source'], isTypeOnly(node['importKind'], node['specifiers'], 'importKind'));
      break;
    case 'ExportNamedDeclaration':
      if (isNode(node['source'])) addImport(file, node, node['source'], isTypeOnly(node['exportKind'], node['specifiers'], 'exportKind'));
      addExportedNames(file, node);
      break;
    case 'ExportAllDeclaration':
      addImport(file, node, node['source'], node['exportKind'] === 'type');
      file.exportStars.push(lineAt(file.text, node.start));
      break;
    case 'ImportExpression':
      addImport(file, node, node['source'], false);
      break;
    case 'TSImportType':
      addImport(file, node, node['source'] ?? node['argument'], true);
      break;
    case 'Literal':
    case 'TemplateLiteral': {
      const text = literalText(node);
      if (text !== undefined) file.literals.push(text);
      break;
    }
    case 'CallExpression':
      addTest(file, node);
      break;
  }
}

/** True of `import type ...` and of an import whose names are all marked `type`. A bare `import './x.ts'` runs it. */
function isTypeOnly(kind: unknown, specifiers: unknown, key: string): boolean {
  if (kind === 'type') return true;
  return Array.isArray(specifiers) && specifiers.length > 0 && specifiers.every((specifier: Node) => specifier[key] === 'type');
}

function addImport(file: SourceFile, node: Node, source: unknown, typeOnly: boolean): void {
  const literal = isNode(source) && source.type === 'TSLiteralType' ? source['literal'] : source;
  const specifier = isNode(literal) ? literalText(literal) : undefined;
  if (specifier !== undefined) file.imports.push({ specifier, typeOnly, line: lineAt(file.text, node.start) });
}

function addExportedNames(file: SourceFile, node: Node): void {
  const declaration = node['declaration'];
  if (isNode(declaration)) {
    const declarators = declaration['declarations'];
    const owners = Array.isArray(declarators) ? (declarators as Node[]) : [declaration];
    for (const owner of owners) addName(file, owner['id']);
  }
  for (const specifier of node['specifiers'] as Node[]) addName(file, specifier['exported']);
}

function addName(file: SourceFile, identifier: unknown): void {
  if (isNode(identifier) && typeof identifier['name'] === 'string') file.exportedNames.push(identifier['name']);
}

/** Sees test('..'), test.each(table)('..'), test.concurrent.skip('..') and describe('..') alike: by the name that the chain starts with. */
function addTest(file: SourceFile, node: Node): void {
  const words = calleeWords(node['callee']);
  if (!testCallees.has(words[0] ?? '')) return;
  // In test.skip.each(table)('name') the inner call carries the word; it is visited by itself.
  const curried = isNode(node['callee']) && node['callee'].type === 'CallExpression';
  for (const word of words.slice(1)) {
    if (!curried && heldBackWords.has(word)) file.heldBack.push({ word, line: lineAt(file.text, node.start) });
  }
  const [first] = node['arguments'] as Node[];
  const name = first && literalText(first);
  if (name !== undefined) file.testNames.push(name);
}

function calleeWords(callee: unknown): string[] {
  if (!isNode(callee)) return [];
  if (callee.type === 'Identifier') return [callee['name'] as string];
  if (callee.type === 'CallExpression') return calleeWords(callee['callee']);
  if (callee.type !== 'MemberExpression') return [];
  const property = callee['property'] as Node;
  return [...calleeWords(callee['object']), String(property['name'] ?? literalText(property) ?? '')];
}

function literalText(node: Node): string | undefined {
  if (node.type === 'Literal') return typeof node['value'] === 'string' ? node['value'] : undefined;
  if (node.type !== 'TemplateLiteral') return undefined;
  return (node['quasis'] as Node[]).map((quasi) => (quasi['value'] as { cooked: string }).cooked).join(HOLE);
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}

/** Stands for the value of a template. No rule, path or package name holds it. */
const HOLE = '\u0000';

const testCallees = new Set(['test', 'it', 'describe', 'suite', 'bench']);

const heldBackWords = new Set(['only', 'skip', 'todo', 'skipIf', 'runIf']);
