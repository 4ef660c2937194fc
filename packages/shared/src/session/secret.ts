// Comparing a secret (a ticket, a reconnection token) with one that came from the network.
//
// Invariant: how long it takes says nothing of how much of a guess was right. The length of a secret is none.

/** Whether both are the same text. */
export function isSameSecret(known: string, given: string): boolean {
  if (known.length !== given.length) return false;
  let difference = 0;
  for (let at = 0; at < known.length; at++) difference |= known.charCodeAt(at) ^ given.charCodeAt(at);
  return difference === 0;
}
