// What could be meant by the word under the cursor: people, hashtags, emoji.
import { api } from "../api/client";
import type { Account, CustomEmoji } from "../api/types";
import { searchEmojis } from "./emojis";

export interface Token {
  kind: "@" | "#" | ":";
  word: string;
  start: number;
  end: number;
}

export type Suggestion =
  | { kind: "person"; text: string; account: Account }
  | { kind: "tag"; text: string; uses: number }
  | { kind: "emoji"; text: string; name: string; picture: CustomEmoji | null };

/** The word the cursor stands at the end of, if it is one to complete. */
export function tokenAt(text: string, cursor: number): Token | null {
  const before = text.slice(0, cursor);
  const found = /(^|[\s(\[{"'«„“])([@#:])([\p{L}\p{N}_.@+-]*)$/u.exec(before);
  if (!found) return null;
  const [, , kind = "", word = ""] = found;
  if (kind === ":" && word.length < 2) return null;
  if (kind !== ":" && word.length < 1) return null;
  return { kind: kind as Token["kind"], word, start: cursor - word.length - 1, end: cursor };
}

export async function suggest(token: Token): Promise<Suggestion[]> {
  if (token.kind === "@") {
    const people = await api.v1.accounts.search.list({ q: token.word, limit: 5 });
    return people.map((account) => ({ kind: "person", text: `@${account.acct}`, account }));
  }
  if (token.kind === "#") {
    const { hashtags } = await api.v2.search.list({ q: token.word, type: "hashtags", limit: 5 });
    return hashtags.map((tag) => ({
      kind: "tag",
      text: `#${tag.name}`,
      uses: (tag.history ?? []).reduce((sum, day) => sum + Number(day.uses), 0),
    }));
  }
  const emojis = await searchEmojis(token.word.toLowerCase(), 6);
  return emojis.map(({ text, name, picture }) => ({ kind: "emoji", text, name, picture }));
}
