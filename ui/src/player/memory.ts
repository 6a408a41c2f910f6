// How loud and with what words the reader watched last, kept in this browser.

export interface Habits {
  volume: number;
  muted: boolean;
  /** Language of the captions; `null`: none. */
  captions: string | null;
}

const KEY = "freehold.player";
const defaults: Habits = { volume: 1, muted: false, captions: null };

export function habits(): Habits {
  try {
    return { ...defaults, ...(JSON.parse(localStorage.getItem(KEY) ?? "{}") as Partial<Habits>) };
  } catch {
    return defaults;
  }
}

export function keepHabits(changes: Partial<Habits>): void {
  localStorage.setItem(KEY, JSON.stringify({ ...habits(), ...changes }));
}
