// What people type: names and chat lines, made harmless and short before anyone else sees them.
//
// Units: lengths in characters; a field of the schema has the last word in bytes.

export const nameLengthMax = 16;
export const lineLengthMax = 120;

/** A name from whatever a client sent; never empty, never one that is taken. */
export function cleanName(wanted: unknown, taken: readonly string[]): string {
  const name = tidy(wanted, nameLengthMax) || 'Guest';
  if (!taken.includes(name)) return name;
  for (let number = 2; ; number++) {
    const numbered = `${tidy(name, nameLengthMax - 3)} ${number}`;
    if (!taken.includes(numbered)) return numbered;
  }
}

/** A chat line from whatever a client sent; empty when there is nothing to say. */
export function cleanLine(text: unknown): string {
  return tidy(text, lineLengthMax);
}

/** One line without control and invisible formatting characters (which can turn the text around them), cut to a length. */
function tidy(text: unknown, lengthMax: number): string {
  if (typeof text !== 'string') return '';
  const oneLine = text
    .slice(0, 1000)
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .replace(/[\p{Cf}\p{Cs}\p{Co}]/gu, '');
  return [...oneLine.trim()].slice(0, lengthMax).join('').trim();
}
