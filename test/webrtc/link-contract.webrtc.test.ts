// The link contract over WebRTC: the Node client and the gate on 127.0.0.1, through the relay, which loses packets where a rule asks for it.
//
// The network is good until both ends are open: the rules are about links, not about how long a handshake takes over loss.

import { openWebrtcLink } from '../../packages/client/src/edge/node/webrtc.ts';
import { type LinkPair, type LinkPairOptions, linkTests } from '../contract/link-contract.ts';
import { startGateServer } from './gate-server.ts';
import { now, pause, until } from './recorder.ts';
import { UdpRelay } from './udp-relay.ts';

linkTests('[WR35] WebRTC link', webrtcPair);

async function webrtcPair(options: LinkPairOptions): Promise<LinkPair> {
  const relay = new UdpRelay(20260801, { loss: 0, delayMs: 0 });
  let far: LinkPair['b'] | undefined;
  const gate = await startGateServer({
    prepare: (app) => app.addHook('onSend', async (_request, _reply, body) => relay.rewrite(String(body))),
    onLink(link) {
      far = link;
      link.listen(options.b);
    },
  });
  const near = await openWebrtcLink({ url: gate.url, authorization: 'ada', bindAddress: '127.0.0.1', now });
  near.listen(options.a);
  await until('the server has its link', () => far !== undefined);
  // Both ends are open in the second of the turns that follow.
  setTimeout(() => {
    relay.network = { loss: options.loss ?? 0, delayMs: 0 };
  }, 20);
  return {
    a: near,
    b: far as LinkPair['b'],
    settle: pause,
    now,
    async dispose() {
      await gate.close();
      relay.close();
    },
  };
}
