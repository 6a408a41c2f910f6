// The languages one can say a post is written in, named in the reader's own.
import { languageName, locale } from "../i18n";

const CODES = [
  "ar", "be", "bg", "bn", "ca", "cs", "cy", "da", "de", "el", "en", "eo", "es", "et", "eu", "fa", "fi", "fr", "ga", "gl", "he", "hi", "hr", "hu", "hy",
  "id", "is", "it", "ja", "ka", "ko", "lt", "lv", "mk", "nl", "nn", "no", "pl", "pt", "ro", "ru", "sk", "sl", "sq", "sr", "sv", "ta", "th", "tr", "uk", "ur", "vi", "zh",
];

export function languages(): { code: string; name: string }[] {
  const named = CODES.map((code) => ({ code, name: languageName(code) }));
  return named.sort((a, b) => a.name.localeCompare(b.name, locale.value));
}
