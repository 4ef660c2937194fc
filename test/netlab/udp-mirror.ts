// A program for the lab that answers every datagram with the address that it came from, twice: from the port that it came to, and from another one.
//
// usage: udp-mirror.ts PORT

import { createSocket } from 'node:dgram';

const mirror = createSocket('udp4');
const elsewhere = createSocket('udp4');
mirror.on('message', (_message, { address, port }) => {
  const text = JSON.stringify({ address, port });
  mirror.send(text, port, address);
  elsewhere.send(text, port, address);
});
elsewhere.bind(0, () => mirror.bind(Number(process.argv[2]), () => console.log('mirroring')));
