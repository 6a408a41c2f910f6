// All emoji in groups with a search; fetched when it is first opened.
import { useEffect, useMemo, useState } from "preact/hooks";
import { m } from "../i18n";
import { complain } from "../state/notices";
import { Spinner } from "../parts/basics";
import { CUSTOM_GROUP, type Emoji, allEmojis, searchEmojis } from "./emojis";

const RECENT_KEY = "freehold.emojis";
const RECENT_MOST = 24;
const FOUND_MOST = 80;

const recent = (): string[] => JSON.parse(localStorage.getItem(RECENT_KEY) ?? "[]") as string[];

function remember(text: string): void {
  localStorage.setItem(RECENT_KEY, JSON.stringify([text, ...recent().filter((each) => each !== text)].slice(0, RECENT_MOST)));
}

export default function EmojiPicker({ pick }: { pick: (text: string) => void }) {
  const [all, setAll] = useState<Emoji[] | null>(null);
  const [query, setQuery] = useState("");
  const [found, setFound] = useState<Emoji[] | null>(null);
  useEffect(() => void allEmojis().then(setAll, complain), []);
  useEffect(() => {
    if (!query.trim()) return setFound(null);
    let current = true;
    void searchEmojis(query.trim().toLowerCase(), FOUND_MOST).then((emojis) => current && setFound(emojis));
    return () => {
      current = false;
    };
  }, [query]);

  const groups = useMemo(() => {
    const byText = new Map(all?.map((emoji) => [emoji.text, emoji]));
    const used = recent().flatMap((text) => byText.get(text) ?? []);
    const result: { name: string; emojis: Emoji[] }[] = used.length ? [{ name: m.emoji.recent, emojis: used }] : [];
    for (const number of [CUSTOM_GROUP, 0, 1, 3, 4, 5, 6, 7, 8, 9]) {
      const emojis = (all ?? []).filter(({ group }) => group === number);
      if (emojis.length) result.push({ name: number === CUSTOM_GROUP ? m.emoji.custom : (m.emoji.groups[number] ?? ""), emojis });
    }
    return result;
  }, [all]);

  const button = (emoji: Emoji) => (
    <button
      key={emoji.text}
      type="button"
      class="emoji-button"
      title={emoji.name}
      aria-label={emoji.name}
      onClick={() => {
        remember(emoji.text);
        pick(emoji.text);
      }}
    >
      {emoji.picture ? <img src={emoji.picture.url} alt="" loading="lazy" /> : emoji.text}
    </button>
  );
  return (
    <div class="emoji-picker">
      <input
        type="search"
        value={query}
        placeholder={m.emoji.search}
        aria-label={m.emoji.search}
        onInput={(event) => setQuery(event.currentTarget.value)}
      />
      <div class="emoji-scroll" tabIndex={-1}>
        {!all && <Spinner />}
        {found ? (
          <div class="emoji-grid">{found.map(button)}</div>
        ) : (
          groups.map(({ name, emojis }) => (
            <section key={name}>
              <h3>{name}</h3>
              <div class="emoji-grid">{emojis.map(button)}</div>
            </section>
          ))
        )}
        {found?.length === 0 && <p class="hint">{m.emoji.none}</p>}
      </div>
    </div>
  );
}
