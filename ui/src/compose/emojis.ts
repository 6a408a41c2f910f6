// All emoji with names and search words in the reader's language, and the site's own ones.
import { api } from "../api/client";
import type { CustomEmoji } from "../api/types";
import { locale } from "../i18n";

/** [character, name, search words, group]: made by build.mjs from emojibase. */
export type EmojiRow = [string, string, string, number];

export interface Emoji {
  text: string;
  name: string;
  group: number;
  picture: CustomEmoji | null;
}

export const CUSTOM_GROUP = -1;

let language = "";
let rows: EmojiRow[] = [];
let custom: Promise<CustomEmoji[]> | null = null;

async function load(): Promise<{ rows: EmojiRow[]; own: CustomEmoji[] }> {
  if (language !== locale.value) {
    rows = locale.value === "de" ? (await import("emoji:de")).default : (await import("emoji:en")).default;
    language = locale.value;
  }
  custom ??= Promise.resolve(api.v1.customEmojis.list());
  const own = await custom.catch(() => {
    custom = null;
    return [];
  });
  return { rows, own };
}

const fromRow = ([text, name, , group]: EmojiRow): Emoji => ({ text, name, group, picture: null });
const fromOwn = (picture: CustomEmoji): Emoji => ({
  text: `:${picture.shortcode}:`,
  name: picture.shortcode,
  group: CUSTOM_GROUP,
  picture,
});

export async function allEmojis(): Promise<Emoji[]> {
  const { rows, own } = await load();
  return [...own.filter((emoji) => emoji.visibleInPicker).map(fromOwn), ...rows.map(fromRow)];
}

export async function searchEmojis(word: string, most: number): Promise<Emoji[]> {
  const { rows, own } = await load();
  const found = own.filter((emoji) => emoji.shortcode.toLowerCase().includes(word)).map(fromOwn);
  const first = rows.filter(([, name]) => name.toLowerCase().startsWith(word));
  const then = rows.filter(
    (row) => !first.includes(row) && (row[1].toLowerCase().includes(word) || row[2].split(" ").some((tag) => tag.startsWith(word))),
  );
  return [...found, ...[...first, ...then].map(fromRow)].slice(0, most);
}
