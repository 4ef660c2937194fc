// `npm run dev`: the game server, started anew when one of its sources changes, and Vite's dev server with the page, on one address in the browser.
//
// The page is served by Vite on PORT (9208 when unset) and reaches the game server on the port after it through Vite's proxy (vite.config.ts).
// Ends both with Ctrl-C.

import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { createServer } from 'vite';

const arena = fileURLToPath(new URL('..', import.meta.url));
const port = Number(process.env['PORT'] ?? 9208);
const gamePort = port + 1;
const tsx = createRequire(import.meta.url).resolve('tsx/cli');

const gameServer = spawn(process.execPath, [tsx, 'watch', '--clear-screen=false', '--conditions=@tickwire/source', 'src/server/server.ts'], {
  cwd: arena,
  env: { ...process.env, PORT: String(gamePort), HOST: '127.0.0.1', ARENA_QUIET: '1' },
  stdio: ['ignore', 'inherit', 'inherit'],
});
process.env['ARENA_GAME_PORT'] = String(gamePort);
const vite = await createServer({ root: arena, server: { port, strictPort: true, host: process.env['HOST'] ?? '127.0.0.1' } });
await vite.listen();
vite.printUrls();

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    gameServer.kill('SIGTERM');
    void vite.close().finally(() => process.exit(0));
  });
}
