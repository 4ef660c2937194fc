// The link contract over WebSockets: the Node client and the gate on 127.0.0.1, through a TCP relay.
//
// TCP loses nothing: where a rule asks for loss, the relay stalls as a connection does that waits for a repetition. So two rules cannot hold: nothing stays
// lost [LK10], and a message waits for what was lost before it [LK12].

import { openWebsocketLink } from '../../packages/client/src/edge/node/websocket.ts';
import { type LinkPair, type LinkPairOptions, linkTests } from './link-contract.ts';
import { startSocketServer } from './socket-server.ts';

linkTests('[WS1] WebSocket link', socketPair, { knownGaps: ['LK10', 'LK12'] });

const now = (): number => performance.now();

async function socketPair(options: LinkPairOptions): Promise<LinkPair> {
  let handedOver: (link: LinkPair['b']) => void = () => {};
  const far = new Promise<LinkPair['b']>((resolve) => {
    handedOver = resolve;
  });
  const server = await startSocketServer({
    onLink(link) {
      link.listen(options.b);
      handedOver(link);
    },
  });
  const near = await openWebsocketLink({ url: server.url, authorization: 'ada', now });
  near.listen(options.a);
  const pair = {
    a: near,
    b: await far,
    settle: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)),
    now,
    dispose: () => server.close(),
  };
  server.relay.network = { loss: options.loss ?? 0, delayMs: 0 };
  return pair;
}
