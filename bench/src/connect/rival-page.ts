// The page of plain geckos.io: it connects as its README says, and notes when it is connected and has its first message.
//
// Units: milliseconds of performance.now().

import geckos from '@geckos.io/client';

window.marks['begin'] = performance.now();
const channel = geckos({ url: location.origin, port: 0 });
channel.onRaw(() => {
  window.marks['snapshot'] ??= performance.now();
});
channel.onConnect((error) => {
  if (error) window.failed = String(error);
  else window.marks['welcome'] = performance.now();
});
