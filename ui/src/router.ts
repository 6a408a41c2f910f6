// Paths to pages, without a library: one signal, one click listener, scroll positions kept per history entry.
import { signal } from "@preact/signals";

export interface Place {
  path: string;
  query: URLSearchParams;
  hash: string;
}

const here = (): Place => ({
  path: decodeURI(location.pathname).replace(/(.)\/$/, "$1"),
  query: new URLSearchParams(location.search),
  hash: location.hash,
});

export const place = signal<Place>(here());
/** True when the page was reached by back or forward: then the old scroll position is wanted. */
export let cameBack = false;

const scrolls = new Map<string, number>();
let key = "start";
let isPage: (path: string) => boolean = () => false;

function remember(): void {
  scrolls.set(key, scrollY);
}

export function savedScroll(): number {
  return cameBack ? (scrolls.get(key) ?? 0) : 0;
}

export function navigate(to: string, { replace = false } = {}): void {
  const target = new URL(to, location.href);
  if (target.href === location.href) {
    scrollTo({ top: 0, behavior: "smooth" });
    return;
  }
  remember();
  const next = replace ? key : `${Date.now()}-${Math.random()}`;
  history[replace ? "replaceState" : "pushState"]({ key: next }, "", target);
  key = next;
  cameBack = false;
  place.value = here();
}

export function goBack(fallback = "/"): void {
  if (history.state?.key) history.back();
  else navigate(fallback, { replace: true });
}

function onClick(event: MouseEvent): void {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const link = event.composedPath().find((node): node is HTMLAnchorElement => node instanceof HTMLAnchorElement);
  if (!link?.href || link.target || link.hasAttribute("download") || link.origin !== location.origin) return;
  if (!isPage(decodeURI(link.pathname))) return;
  event.preventDefault();
  navigate(link.href);
}

/** `knows` tells pages of this client from everything else the server answers. */
export function startRouter(knows: (path: string) => boolean): void {
  isPage = knows;
  history.scrollRestoration = "manual";
  key = (history.state?.key as string | undefined) ?? key;
  addEventListener("popstate", (event: PopStateEvent) => {
    remember();
    key = (event.state as { key?: string } | null)?.key ?? "start";
    cameBack = true;
    place.value = here();
  });
  document.addEventListener("click", onClick);
}
