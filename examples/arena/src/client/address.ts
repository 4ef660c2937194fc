// What the page's address says: `?name=Ada&play=quick` begins at once, and `#CODE` (an invitation) goes to that room.
//
// Invariant: the address is that of what is played, so that a reload goes back there and a copy of it brings a friend.

/** Where somebody wants to play. */
export type Choice = { readonly how: 'quick' } | { readonly how: 'private' } | { readonly how: 'room'; readonly idOrCode: string };

export function choiceIn({ search, hash }: { readonly search: string; readonly hash: string }): Choice | undefined {
  const idOrCode = decoded(hash.slice(1)).trim();
  if (idOrCode) return { how: 'room', idOrCode };
  const play = new URLSearchParams(search).get('play');
  return play === 'quick' || play === 'private' ? { how: play } : undefined;
}

/** The same address with another choice in it, or with none. A private room that is not there yet has no address. */
export function addressWith(choice: Choice | undefined, { pathname, search }: { readonly pathname: string; readonly search: string }): string {
  const asked = new URLSearchParams(search);
  asked.delete('play');
  if (choice?.how === 'quick') asked.set('play', 'quick');
  const query = asked.size > 0 ? `?${asked}` : '';
  return pathname + query + (choice?.how === 'room' ? `#${encodeURIComponent(choice.idOrCode)}` : '');
}

/** What brings a friend into a room: without the own name. */
export function inviteTo(idOrCode: string, { origin, pathname }: { readonly origin: string; readonly pathname: string }): string {
  return `${origin}${pathname}#${encodeURIComponent(idOrCode)}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
