// Who is how good: by score, then by fewer deaths, then by name, so that both ends and every part of the page say the same.

export interface Scorer {
  readonly name: string;
  readonly score: number;
  readonly deaths: number;
  readonly hp: number;
  readonly colour: number;
  readonly isBot: boolean;
  readonly mine: boolean;
}

export function ranked<One extends Scorer>(players: readonly One[]): One[] {
  return [...players].sort((a, b) => b.score - a.score || a.deaths - b.deaths || a.name.localeCompare(b.name));
}

/** Those with the same score share a place. */
export function placeOf(player: Scorer, players: readonly Scorer[]): number {
  return 1 + players.filter(({ score }) => score > player.score).length;
}

/** 1st, 2nd, 3rd, 4th, 11th, 21st. */
export function ordinal(place: number): string {
  const isTeen = Math.floor(place / 10) % 10 === 1;
  const ending = isTeen ? 'th' : (['th', 'st', 'nd', 'rd'][place % 10] ?? 'th');
  return `${place}${ending}`;
}
