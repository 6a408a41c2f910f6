// Who is logged in, and on which site.
import { batch, computed, signal } from "@preact/signals";
import { setCsrfToken } from "../api/client";
import { freehold } from "../api/freehold";
import { closeStream } from "../api/stream";
import type { CredentialAccount, Session } from "../api/types";
import { navigate } from "../router";
import { forgetEverything } from "./entities";
import { forgetFeeds } from "./feed";

const unknown: Session = {
  csrfToken: null,
  account: null,
  role: null,
  email: null,
  emailConfirmed: false,
  approved: false,
  setupNeeded: false,
  site: {
    title: "Freehold",
    domain: location.host,
    registrations: "closed",
    confirm: "email",
    mailDelayed: false,
    smsDelayed: false,
    maxCharacters: 500,
    version: "",
  },
};

export const session = signal<Session>(unknown);
export const me = computed<CredentialAccount | null>(() => session.value.account);
export const site = computed(() => session.value.site);
export const mayModerate = computed(() => ["moderator", "admin", "owner"].includes(session.value.role ?? ""));
export const mayAdminister = computed(() => ["admin", "owner"].includes(session.value.role ?? ""));
export const mayOwn = computed(() => session.value.role === "owner");

export function adopt(next: Session): void {
  setCsrfToken(next.csrfToken);
  session.value = next;
}

/** Asks who is logged in. Somebody else than before, or nobody: what the former reader saw is dropped. */
export async function loadSession(): Promise<void> {
  const next = await freehold.session();
  if (me.value && next.account?.id !== me.value.id) switchTo(next);
  else adopt(next);
}

/** After log-in, log-out and set-up: nothing of the former reader stays in memory. */
export function switchTo(next: Session): void {
  closeStream();
  forgetEverything();
  forgetFeeds();
  adopt(next);
}

/**
 * The reader is gone here too. The page changes with the session, in one: between the two, the page of somebody logged in
 * would ask its visitor to log in.
 */
export async function leave(): Promise<void> {
  const cached = await caches.keys();
  await Promise.all(cached.filter((name) => name.startsWith("private")).map((name) => caches.delete(name)));
  batch(() => {
    navigate("/explore", { replace: true });
    switchTo({ ...unknown, site: site.value });
  });
  void loadSession().catch(() => undefined);
}

export async function logOut(): Promise<void> {
  await freehold.logOut();
  await leave();
}

export function updateMe(account: CredentialAccount): void {
  session.value = { ...session.value, account };
}
