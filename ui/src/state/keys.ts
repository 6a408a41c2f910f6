// Keyboard shortcuts, the ones people know from Mastodon. They act on the post that has the focus.
import { m } from "../i18n";
import { openComposer } from "../parts/composer";
import { profilePath } from "../parts/basics";
import { goBack, navigate } from "../router";
import { knownStatus } from "./entities";
import { me } from "./session";

export interface Shortcut {
  keys: string;
  words: () => string;
}

const posts = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>("main [data-post]")];

const focused = (): HTMLElement | null => (document.activeElement as HTMLElement | null)?.closest<HTMLElement>("[data-post]") ?? null;

function move(step: number): void {
  const all = posts();
  const now = focused();
  const at = now ? all.indexOf(now) + step : all.findIndex((post) => post.getBoundingClientRect().bottom > 120);
  const next = all[Math.min(all.length - 1, Math.max(0, at))];
  next?.focus({ preventScroll: true });
  next?.scrollIntoView({ block: "nearest", behavior: "instant" });
}

const press = (name: string) => (): void => focused()?.querySelector<HTMLElement>(`[data-act=${name}]`)?.click();

function openFocused(): void {
  const status = knownStatus(focused()?.dataset.status ?? "");
  if (status) navigate(`${profilePath(status.account)}/${status.id}`);
}

function openAuthor(): void {
  const status = knownStatus(focused()?.dataset.status ?? "");
  if (status) navigate(profilePath(status.account));
}

function mention(): void {
  const status = knownStatus(focused()?.dataset.status ?? "");
  if (status) openComposer({ text: `@${status.account.acct} ` });
}

function search(): void {
  const box = document.querySelector<HTMLInputElement>("[data-search]");
  if (box) box.focus();
  else navigate("/search");
}

const go = (path: string) => (): void => navigate(path);

/** Needs somebody logged in. */
const WRITE = new Set(["n", "r", "m", "b", "f"]);

const single: Record<string, { run: () => void; words: () => string }> = {
  n: { run: () => openComposer(), words: () => m.keys.write },
  r: { run: press("reply"), words: () => m.keys.reply },
  f: { run: press("favourite"), words: () => m.keys.favourite },
  b: { run: press("boost"), words: () => m.keys.boost },
  d: { run: press("bookmark"), words: () => m.keys.bookmark },
  m: { run: mention, words: () => m.keys.mention },
  p: { run: openAuthor, words: () => m.keys.profile },
  o: { run: openFocused, words: () => m.keys.open },
  x: { run: () => focused()?.querySelector<HTMLElement>("[data-reveal]")?.click(), words: () => m.keys.reveal },
  j: { run: () => move(1), words: () => m.keys.next },
  k: { run: () => move(-1), words: () => m.keys.previous },
  "/": { run: search, words: () => m.keys.search },
  ".": { run: () => document.querySelector<HTMLElement>(".pill")?.click(), words: () => m.keys.newer },
  "?": { run: go("/shortcuts"), words: () => m.keys.help },
};

const afterG: Record<string, { run: () => void; words: () => string }> = {
  h: { run: go("/home"), words: () => m.nav.home },
  n: { run: go("/notifications"), words: () => m.nav.notifications },
  l: { run: go("/public/local"), words: () => m.nav.local },
  t: { run: go("/public"), words: () => m.nav.public },
  e: { run: go("/explore"), words: () => m.nav.explore },
  d: { run: go("/conversations"), words: () => m.nav.conversations },
  f: { run: go("/favourites"), words: () => m.nav.favourites },
  b: { run: go("/bookmarks"), words: () => m.nav.bookmarks },
  u: { run: () => me.value && navigate(profilePath(me.value)), words: () => m.nav.profile },
  s: { run: go("/settings"), words: () => m.nav.settings },
};

export const shortcuts = (): { group: string; rows: { keys: string[]; words: string }[] }[] => [
  {
    group: m.keys.posts,
    rows: [
      ...Object.entries(single).map(([key, { words }]) => ({ keys: [key], words: words() })),
      { keys: ["Backspace"], words: m.common.back },
    ],
  },
  {
    group: m.keys.films,
    rows: [
      { keys: ["Space"], words: m.keys.playPause },
      { keys: ["←", "→"], words: m.keys.skip },
      { keys: ["↑", "↓"], words: m.keys.loudness },
      { keys: ["m"], words: m.keys.silence },
      { keys: ["f"], words: m.keys.fullscreen },
      { keys: ["c"], words: m.keys.captions },
      { keys: ["<", ">"], words: m.keys.pace },
    ],
  },
  { group: m.keys.go, rows: Object.entries(afterG).map(([key, { words }]) => ({ keys: ["g", key], words: words() })) },
];

const SEQUENCE_PAUSE = 1200;
let gPressedAt = 0;

function onKey(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return;
  const target = event.target as HTMLElement;
  if (target.closest("input, textarea, select, [contenteditable], dialog, [role=menu]")) {
    if (event.key === "Escape" && target.matches("[data-search]")) target.blur();
    return;
  }
  if (event.key === "Enter" && target.matches("[data-post]")) return openFocused();
  if (event.key === "Backspace") return goBack();
  const now = Date.now();
  if (now - gPressedAt < SEQUENCE_PAUSE) {
    gPressedAt = 0;
    const found = afterG[event.key];
    if (found) {
      event.preventDefault();
      found.run();
      return;
    }
  }
  if (event.key === "g") {
    gPressedAt = now;
    return;
  }
  const found = single[event.key];
  if (!found || (WRITE.has(event.key) && !me.value)) return;
  event.preventDefault();
  found.run();
}

export function startKeys(): void {
  document.addEventListener("keydown", onKey);
}
