// `npm run dev`: Vite's dev server with the page on PORT (9208 when unset), and the game server on the port after it, started anew whenever one of its
// sources changes. The page reaches the game through Vite, so everything has one address. What the game server may be told (`--bots 3 --match 60`) is passed on.
// Ctrl-C ends both.

import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { createServer } from 'vite';

const arena = fileURLToPath(new URL('..', import.meta.url));
const port = Number(process.env['PORT'] ?? 9208);
const host = process.env['HOST'] ?? 'localhost';
const game = `http://localhost:${port + 1}`;

const tsx = createRequire(import.meta.url).resolve('tsx/cli');
const server = spawn(
  process.execPath,
  [tsx, 'watch', '--clear-screen=false', '--conditions=@tickwire/source', 'src/server/server.ts', ...process.argv.slice(2)],
  {
    cwd: arena,
    env: { ...process.env, PORT: String(port + 1), ARENA_DEV: '1' },
    stdio: ['ignore', 'inherit', 'inherit'],
  },
);

try {
  const proxy = { '/tickwire': game, '/.wrtc': game, '/health': game };
  const vite = await createServer({ root: arena, server: { port, host, strictPort: true, proxy } });
  await vite.listen();
  vite.printUrls();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      server.kill('SIGTERM');
      vite.close().finally(() => process.exit(0));
    });
  }
} catch (error) {
  server.kill('SIGTERM');
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
