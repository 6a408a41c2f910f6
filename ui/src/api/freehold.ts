// Freehold's own routes (docs/extensions.md), typed.
import { camelKeys, snakeKeys } from "./case";
import { noteEpoch, ownHeaders } from "./client";
import { RequestError, fieldErrors } from "./errors";
import type {
  AdminAccount,
  AuditEntry,
  Copies,
  Dependencies,
  Drill,
  Invite,
  Preferences,
  RegistrationMode,
  Role,
  Session,
  SessionRow,
  SignupState,
  Site,
  Transfer,
} from "./types";

const BASE = "/api/freehold/v1";
const MEMBERS = "/api/v1/admin/accounts";

async function request(method: string, path: string, body?: unknown): Promise<Response> {
  return send(path.startsWith("/") ? path : `${BASE}/${path}`, {
    method,
    headers: { Accept: "application/json", ...ownHeaders(), ...(body !== undefined && { "Content-Type": "application/json" }) },
    ...(body !== undefined && { body: JSON.stringify(snakeKeys(body)) }),
    signal: AbortSignal.timeout(30_000),
  });
}

async function send(url: string, init: RequestInit): Promise<Response> {
  const response = await fetch(url, init);
  noteEpoch(response);
  if (response.ok) return response;
  const failure = (await response.json().catch(() => ({}))) as { error?: string; reason?: string; details?: unknown };
  throw new RequestError(response.status, failure.error ?? "", failure.reason ?? null, fieldErrors(failure.details));
}

async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
  return camelKeys<T>(await (await request(method, path, body)).json());
}

export interface SignupForm {
  username: string;
  email: string;
  phone: string;
  password: string;
  agreement: boolean;
  locale: string;
  reason: string;
  invite: string;
}

export interface SetupForm {
  token: string;
  username: string;
  email: string;
  password: string;
  title: string;
  description: string;
  registrations: RegistrationMode;
}

/** Where the browser fetches one's files from, with its cookie. */
export const archiveAddress = (id: string): string => `${BASE}/transfers/${encodeURIComponent(id)}/file`;
export const listAddress = (name: string): string => `${BASE}/lists/${name}`;

export const freehold = {
  session: () => call<Session>("GET", "session"),
  logIn: (login: string, password: string) => call<Session>("POST", "session", { login, password }),
  logOut: () => call("DELETE", "session"),
  sessions: () => call<SessionRow[]>("GET", "sessions"),
  endSession: (id: string) => call("DELETE", `sessions/${encodeURIComponent(id)}`),

  signUp: (form: SignupForm) => call<{ state: SignupState }>("POST", "signup", form),
  confirm: (token: string) => call<{ state: SignupState }>("POST", "confirm", { token }),
  confirmPhone: (login: string, password: string, code: string) =>
    call<{ state: SignupState }>("POST", "phone/confirm", { login, password, code }),
  sendCode: (login: string, password: string, phone: string) => call("POST", "phone/code", { login, password, phone }),
  resendConfirmation: (email: string) => call("POST", "confirm/resend", { email }),
  forgotPassword: (email: string) => call("POST", "password/forgot", { email }),
  resetPassword: (token: string, password: string) => call("POST", "password/reset", { token, password }),
  changePassword: (current: string, password: string) => call("POST", "password/change", { current, password }),
  changeEmail: (email: string, password: string) => call<{ state: SignupState }>("POST", "email/change", { email, password }),
  deleteAccount: (password: string) => call("POST", "account/delete", { password }),
  setUp: (form: SetupForm) => call<Session>("POST", "setup", form),

  invites: () => call<Invite[]>("GET", "invites"),
  createInvite: (maxUses: number | null, expiresIn: number | null) => call<Invite>("POST", "invites", { maxUses, expiresIn }),
  revokeInvite: (id: string) => call("DELETE", `invites/${encodeURIComponent(id)}`),

  transfers: () => call<Transfer[]>("GET", "transfers"),
  transfer: (id: string) => call<Transfer>("GET", `transfers/${encodeURIComponent(id)}`),
  forgetTransfer: (id: string) => call("DELETE", `transfers/${encodeURIComponent(id)}`),
  makeArchive: (kind: string) => call<Transfer>("POST", "transfers/export", { kind }),
  /** An archive may be gigabytes: it takes as long as it takes. */
  bring: async (kind: string, file: File): Promise<Transfer> => {
    const body = new FormData();
    body.append("kind", kind);
    body.append("file", file);
    return camelKeys<Transfer>(await (await send(`${BASE}/transfers/import`, { method: "POST", headers: ownHeaders(), body })).json());
  },

  dependencies: () => call<Dependencies>("GET", "dependencies"),
  drill: () => call<Drill>("GET", "drill"),
  copies: () => call<Copies>("GET", "copies"),
  site: () => call<Site>("GET", "site"),
  updateSite: (changes: Partial<Site>) => call<Site>("PATCH", "site", changes),
  confirmByHand: (id: string) => call<AdminAccount>("POST", `${MEMBERS}/${encodeURIComponent(id)}/confirm`, {}),
  setRole: (id: string, role: Role) => call<AdminAccount>("POST", `${MEMBERS}/${encodeURIComponent(id)}/role`, { role }),
  settings: () => call<Preferences>("GET", "settings"),
  updateSettings: (changes: Partial<Preferences>) => call<Preferences>("PATCH", "settings", changes),

  /** Pages of the audit log, newest first, following the Link header. */
  async *audit(): AsyncGenerator<AuditEntry[]> {
    let path: string | null = "audit?limit=40";
    while (path) {
      const response: Response = await request("GET", path);
      const next: string | undefined = /<[^>]*\?([^>]*)>;\s*rel="next"/.exec(response.headers.get("Link") ?? "")?.[1];
      path = next ? `audit?${next}` : null;
      yield camelKeys<AuditEntry[]>(await response.json());
    }
  },
};
