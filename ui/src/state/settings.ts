// How the reader wants it: kept on the server for the account, in this browser for everyone else and the first paint.
import { signal } from "@preact/signals";
import { freehold } from "../api/freehold";
import type { Preferences } from "../api/types";
import { pickLocale, useLocale } from "../i18n";
import { session } from "./session";

const KEY = "freehold.preferences";

const defaults: Preferences = { theme: "auto", locale: "", reduceMotion: false, expandWarnings: false, expandMedia: "default" };

function stored(): Partial<Preferences> {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? "{}") as Partial<Preferences>;
  } catch {
    return {};
  }
}

export const preferences = signal<Preferences>({ ...defaults, ...stored() });

async function apply(next: Preferences): Promise<void> {
  preferences.value = next;
  localStorage.setItem(KEY, JSON.stringify(next));
  const root = document.documentElement;
  root.dataset.theme = next.theme;
  root.toggleAttribute("data-still", next.reduceMotion);
  await useLocale(pickLocale([next.locale, ...navigator.languages]));
}

export const applyStoredPreferences = (): Promise<void> => apply(preferences.value);

export async function loadPreferences(): Promise<void> {
  if (session.value.account) await apply({ ...preferences.value, ...(await freehold.settings()) });
}

export async function changePreferences(changes: Partial<Preferences>): Promise<void> {
  await apply({ ...preferences.value, ...changes });
  if (session.value.account) await freehold.updateSettings(changes);
}

/** No motion: asked for here, or by the whole system. */
export const wantsStillness = (): boolean => preferences.value.reduceMotion || matchMedia("(prefers-reduced-motion: reduce)").matches;
