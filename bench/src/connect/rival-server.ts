// Plain geckos.io beside us: its own server as its README starts it, on an HTTP server that also has the page.
//
// Arguments: the folder of the page, the host and the port. Prints its address as one line. It greets each channel with one message, as our server's
// first snapshot does.

import { createReadStream } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import geckos from '@geckos.io/server';

const [folder = '', host = '127.0.0.1', port = '0'] = process.argv.slice(2);
const types: { readonly [extension: string]: string } = { '.html': 'text/html', '.js': 'text/javascript' };

const http = createServer((request, response) => {
  const path = request.url === '/' ? 'rival.html' : normalize(`/${request.url}`);
  // geckos' own listener answers these.
  if (path.startsWith('/.wrtc')) return;
  response.setHeader('content-type', types[extname(path)] ?? 'text/plain');
  createReadStream(join(folder, path))
    .on('error', () => response.writeHead(404).end())
    .pipe(response);
});
const io = geckos(host === '127.0.0.1' ? ({ bindAddress: host } as Parameters<typeof geckos>[0]) : {});
io.addServer(http);
io.onConnection((channel) => channel.raw.emit(new Uint8Array(16)));
http.listen(Number(port), host, () => console.log(`http://${host}:${(http.address() as AddressInfo).port}`));
