// What the page remembers of a visitor between visits: the name and whether it is muted.
//
// Invariant: a browser that keeps nothing for this page plays all the same.

const keys = { name: 'arena name', muted: 'arena muted' } as const;

export function readSetting(setting: keyof typeof keys): string | null {
  try {
    return localStorage.getItem(keys[setting]);
  } catch {
    return null;
  }
}

export function writeSetting(setting: keyof typeof keys, value: string): void {
  try {
    localStorage.setItem(keys[setting], value);
  } catch {
    // Forgotten with the page.
  }
}
