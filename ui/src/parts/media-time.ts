// Measures of pictures and films; times as clocks show them and as they are said.
import type { Attachment } from "../api/types";
import { locale } from "../i18n";

/** Width by height; a usual one where nobody knows. */
export function aspectOf({ meta }: Attachment): number {
  const { width = 0, height = 0 } = meta?.original ?? meta?.small ?? {};
  return width && height ? width / height : 1.5;
}

/** Seconds; 0 where nobody knows. */
export const durationOf = ({ meta }: Attachment): number => (meta as { original?: { duration?: number } } | null)?.original?.duration ?? 0;

/** "0:07", "12:30", "1:02:03". */
export function clock(seconds: number): string {
  const whole = Number.isFinite(seconds) ? Math.max(0, Math.floor(seconds)) : 0;
  const two = (n: number): string => String(n).padStart(2, "0");
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  return hours ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

/** "1 minute 4 seconds". */
export function spokenTime(seconds: number): string {
  const whole = Number.isFinite(seconds) ? Math.max(0, Math.floor(seconds)) : 0;
  const parts: [number, string][] = [
    [Math.floor(whole / 3600), "hour"],
    [Math.floor(whole / 60) % 60, "minute"],
    [whole % 60, "second"],
  ];
  const said = parts.filter(([n, unit]) => n > 0 || (whole === 0 && unit === "second"));
  return said.map(([n, unit]) => new Intl.NumberFormat(locale.value, { style: "unit", unit, unitDisplay: "long" }).format(n)).join(" ");
}
