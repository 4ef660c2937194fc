// The arena's colours. The players' are Okabe and Ito's set, made lighter for the dark floor: people who see few colours tell them apart too.
//
// Units: colours as numbers for Phaser, as text for the page.

export const playerColours: readonly number[] = [0x56b4e9, 0xf0a010, 0x1dbe8f, 0xf0e442, 0xe77fb8, 0xf0703a, 0x5f8cf0, 0xdfe7f0];

export const palette = {
  outside: 0x101824,
  floor: 0x1a2635,
  gridLine: 0x223145,
  gridLineStrong: 0x2a3b52,
  wall: 0x3a4d66,
  wallTop: 0x50688a,
  wallEdge: 0x6a83a3,
  wallFoot: 0x263548,
  edge: 0x3a4d66,
  ink: 0xeaf1f9,
  healthBack: 0x0d141f,
  healthGood: 0x5fd3a6,
  healthLow: 0xf0703a,
  pitch: 0x34475f,
  goal: 0xf4d35e,
  goalGround: 0x141d29,
  rocketMark: 0xffb347,
  spark: 0xffe9b8,
  fire: 0xffa640,
  smoke: 0x8fa0b3,
} as const;

export function colourOf(player: { readonly colour: number }): number {
  return playerColours[player.colour] ?? palette.ink;
}

export function cssColour(colour: number): string {
  return `#${colour.toString(16).padStart(6, '0')}`;
}
