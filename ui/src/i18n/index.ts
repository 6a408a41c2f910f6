// The catalogue of the chosen language, and dates and numbers the way it writes them.
import { signal } from "@preact/signals";
import en from "./en";

export type Messages = typeof en;
export type Locale = "en" | "de";

export const LOCALES: Record<Locale, string> = { en: "English", de: "Deutsch" };

/** A live binding: the messages of the current language. */
export let m: Messages = en;
export const locale = signal<Locale>("en");

export function pickLocale(wanted: readonly (string | null | undefined)[]): Locale {
  for (const tag of wanted) {
    const base = tag?.slice(0, 2).toLowerCase();
    if (base === "en" || base === "de") return base;
  }
  return "en";
}

export async function useLocale(next: Locale): Promise<void> {
  m = next === "de" ? (await import("./de")).default : en;
  document.documentElement.lang = next;
  locale.value = next;
}

/** The reader's own region for dates: "23 November" or "November 23" within the same language. */
const region = (): string => navigator.languages.find((tag) => tag.startsWith(locale.value)) ?? locale.value;

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

function unit(amount: number, name: "minute" | "hour" | "day"): string {
  return new Intl.NumberFormat(locale.value, { style: "unit", unit: name, unitDisplay: "narrow" }).format(amount);
}

/** "4m", "3h", "2d", then the date. */
export function shortAge(iso: string, now = Date.now()): string {
  const then = new Date(iso);
  const seconds = Math.max(0, (now - then.getTime()) / 1000);
  if (seconds < MINUTE) return m.time.now;
  if (seconds < HOUR) return unit(Math.floor(seconds / MINUTE), "minute");
  if (seconds < DAY) return unit(Math.floor(seconds / HOUR), "hour");
  if (seconds < 7 * DAY) return unit(Math.floor(seconds / DAY), "day");
  const sameYear = then.getFullYear() === new Date(now).getFullYear();
  return new Intl.DateTimeFormat(region(), { day: "numeric", month: "short", ...(!sameYear && { year: "numeric" }) }).format(then);
}

export const fullDate = (iso: string): string =>
  new Intl.DateTimeFormat(region(), { dateStyle: "long", timeStyle: "short" }).format(new Date(iso));

export const dayDate = (iso: string): string => new Intl.DateTimeFormat(region(), { dateStyle: "medium" }).format(new Date(iso));

export const monthDate = (iso: string): string =>
  new Intl.DateTimeFormat(region(), { month: "long", year: "numeric" }).format(new Date(iso));

/** What is still left until then, in the largest sensible unit. */
export function timeLeft(iso: string, now = Date.now()): string {
  const seconds = Math.max(0, (new Date(iso).getTime() - now) / 1000);
  const format = new Intl.RelativeTimeFormat(locale.value, { numeric: "always" });
  if (seconds >= DAY) return format.format(Math.round(seconds / DAY), "day");
  if (seconds >= HOUR) return format.format(Math.round(seconds / HOUR), "hour");
  return format.format(Math.max(1, Math.round(seconds / MINUTE)), "minute");
}

export const count = (value: number): string =>
  new Intl.NumberFormat(locale.value, { notation: "compact", maximumFractionDigits: 1 }).format(value);

export const list = (names: string[]): string => new Intl.ListFormat(locale.value).format(names);

/** With at most one place after the point: 1,234.5. */
export const number = (value: number): string => new Intl.NumberFormat(locale.value, { maximumFractionDigits: 1 }).format(value);

const SIZES = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"];
/** In steps of 1,000. */
export function bytes(value: number): string {
  const step = Math.min(Math.max(Math.floor(Math.log10(Math.max(value, 1)) / 3), 0), SIZES.length - 1);
  const format = { style: "unit", unit: SIZES[step] ?? "byte", unitDisplay: "short", maximumFractionDigits: 1 } as const;
  return new Intl.NumberFormat(locale.value, format).format(value / 1000 ** step);
}

export function languageName(code: string): string {
  try {
    return new Intl.DisplayNames([locale.value], { type: "language" }).of(code) ?? code;
  } catch {
    return code;
  }
}
