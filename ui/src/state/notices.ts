// Short words at the edge of the screen, read out by screen readers; and the polite live region for everything else.
import { signal } from "@preact/signals";
import { examine, explain } from "../api/errors";

export interface Notice {
  id: number;
  kind: "done" | "trouble";
  text: string;
  action?: { label: string; run: () => void };
}

export const notices = signal<Notice[]>([]);
/** What the live region says; pages and feeds write it. */
export const spoken = signal("");

let last = 0;

function show(kind: Notice["kind"], text: string, action?: Notice["action"]): void {
  const id = ++last;
  notices.value = [...notices.value.slice(-2), { id, kind, text, ...(action && { action }) }];
  setTimeout(() => dismiss(id), kind === "done" ? 4500 : 8000);
}

export const dismiss = (id: number): void => {
  notices.value = notices.value.filter((notice) => notice.id !== id);
};

export const say = (text: string, action?: Notice["action"]): void => show("done", text, action);
export function complain(error: unknown): void {
  examine(error);
  show("trouble", typeof error === "string" ? error : explain(error));
}

export function announce(text: string): void {
  spoken.value = "";
  setTimeout(() => (spoken.value = text), 30);
}
