// Every kind of test is one vitest project; `npm test` runs them all, `npx vitest run --project unit` runs one.
//
// Workspace packages resolve to their sources (condition @tickwire/source), so no test waits for a build.
// Every file runs in a process of its own, never in a worker thread: two threads with node-datachannel crash the process.
// Projects that open real networks or a browser take one file at a time, and each has a group of its own, so that nothing runs beside them. Those that take
// minutes of waiting rather than of work share the last group and run beside each other.

import { defineConfig, type UserWorkspaceConfig } from 'vitest/config';

const conditions = ['@tickwire/source', 'module', 'node', 'development|production'];

/** Firefox is driven over a WebSocket, which Node before 22 has behind this flag. */
const execArgv = 'WebSocket' in globalThis ? [] : ['--experimental-websocket'];

const MINUTE_MS = 60_000;

/** Files at a time where most of the time is waited: one of them, the hidden tab, takes as long as all others of its group together. */
const waiting = 3;

export const projects: Project[] = [
  project('unit', ['packages/**/*.test.ts', 'bench/**/*.test.ts', 'examples/**/*.test.ts'], { group: 0 }),
  project('tidy', ['test/tidy/**/*.test.ts'], { group: 0 }),
  project('golden', ['test/golden/**/*.test.ts'], { group: 0 }),
  project('sim', ['test/**/*.sim.ts'], { group: 1, timeoutMs: 5 * MINUTE_MS }),
  project('contract', ['test/contract/**/*.test.ts'], { group: 2, oneAtATime: true, timeoutMs: MINUTE_MS }),
  project('webrtc', ['test/webrtc/**/*.test.ts'], { group: 3, oneAtATime: true, timeoutMs: MINUTE_MS }),
  project('packaging', ['test/packaging/**/*.test.ts'], { group: 4, oneAtATime: true, timeoutMs: 3 * MINUTE_MS }),
  project('engines', ['test/engines/**/*.test.ts'], { group: 5, oneAtATime: true, timeoutMs: MINUTE_MS }),
  project('e2e', ['test/e2e/**/*.test.ts'], { group: 6, oneAtATime: true, timeoutMs: 3 * MINUTE_MS }),
  project('tabs', ['test/tabs/**/*.test.ts'], { group: 7, workers: waiting, timeoutMs: 9 * MINUTE_MS }),
  project('soak', ['test/soak/**/*.test.ts'], { group: 7, workers: waiting, timeoutMs: 9 * MINUTE_MS }),
  project('restart', ['test/restart/**/*.test.ts'], { group: 7, workers: waiting, timeoutMs: MINUTE_MS }),
  project('netlab', ['test/netlab/**/*.test.ts'], { group: 7, workers: waiting, timeoutMs: 3 * MINUTE_MS }),
];

export default defineConfig({ test: { projects } });

interface Project extends UserWorkspaceConfig {
  test: { name: string; include: string[] } & UserWorkspaceConfig['test'];
}

function project(name: string, include: string[], how: { group: number; oneAtATime?: boolean; workers?: number; timeoutMs?: number }): Project {
  const timeoutMs = how.timeoutMs ?? 20_000;
  return {
    resolve: { conditions },
    ssr: { resolve: { conditions, externalConditions: conditions } },
    test: {
      name,
      include,
      exclude: ['**/node_modules/**', '**/dist/**', '**/.artifacts/**'],
      pool: 'forks',
      isolate: true,
      execArgv,
      fileParallelism: !how.oneAtATime,
      ...(how.workers === undefined ? {} : { maxWorkers: how.workers }),
      sequence: { groupOrder: how.group },
      testTimeout: timeoutMs,
      hookTimeout: timeoutMs,
    },
  };
}
