// The entities of the Mastodon API as masto names them, and those of Freehold's own routes (docs/extensions.md).
import type { mastodon } from "masto";

export type Account = mastodon.v1.Account;
export type CredentialAccount = mastodon.v1.CredentialAccount;
export type Status = mastodon.v1.Status;
export type StatusEdit = mastodon.v1.StatusEdit;
export type Visibility = mastodon.v1.StatusVisibility;
export type Relationship = mastodon.v1.Relationship;
export type Attachment = mastodon.v1.MediaAttachment & { freehold?: Film | null };
export type Poll = mastodon.v1.Poll;
export type Tag = mastodon.v1.Tag;
export type List = mastodon.v1.List;
export type Conversation = mastodon.v1.Conversation;
export type CustomEmoji = mastodon.v1.CustomEmoji;
export type PreviewCard = mastodon.v1.PreviewCard;
export type Filter = mastodon.v2.Filter;
export type FilterContext = mastodon.v1.FilterContext;
export type Instance = mastodon.v2.Instance;
export type NotificationGroup = mastodon.v1.NotificationGroup;
export type NotificationResults = mastodon.v1.GroupedNotificationsResults;
export type Notification = mastodon.v1.Notification;
export type AdminAccount = mastodon.v1.admin.Account;
/** masto has plain accounts here; the API sends the moderators' view of them. */
export type AdminReport = Omit<mastodon.v1.admin.Report, "account" | "targetAccount" | "assignedAccount"> & {
  account: AdminAccount;
  targetAccount: AdminAccount;
  assignedAccount: AdminAccount | null;
};
export type IpBlock = mastodon.v1.admin.IpBlock;
export type MailDomainBlock = mastodon.v1.admin.EmailDomainBlock;

/** How far a film is from being ready. */
export interface Processing {
  stage: string;
  percent: number;
}

export interface Captions {
  language: string;
  label: string;
  url: string;
}

/** What an attachment has besides what Mastodon knows. */
export interface Film {
  hls: string | null;
  poster: string | null;
  /** A WebVTT file whose cues name rectangles of one picture. */
  storyboard: string | null;
  captions: Captions[];
  processing: Processing | null;
  error: string | null;
  sizes: { width: number; height: number; type: string; url: string }[];
}

export type RegistrationMode = "approval" | "open" | "invite" | "closed";
export type Role = "user" | "moderator" | "admin" | "owner";

export interface SiteSummary {
  title: string;
  domain: string;
  registrations: RegistrationMode;
  confirm: "email" | "phone" | "none";
  mailDelayed: boolean;
  smsDelayed: boolean;
  maxCharacters: number;
  version: string;
}

export interface Session {
  csrfToken: string | null;
  account: CredentialAccount | null;
  role: Role | null;
  email: string | null;
  emailConfirmed: boolean;
  approved: boolean;
  setupNeeded: boolean;
  site: SiteSummary;
}

export interface SessionRow {
  id: string;
  kind: "session" | "app";
  current: boolean;
  createdAt: string;
  lastUsedAt: string | null;
  address: string | null;
  agent: string | null;
  app: { name: string; website: string | null } | null;
  scopes: string[];
}

export type SignupState = "active" | "unconfirmed" | "pending";

export interface Invite {
  id: string;
  code: string;
  url: string;
  uses: number;
  maxUses: number | null;
  expiresAt: string | null;
  createdAt: string;
}

export interface SiteRule {
  id?: string;
  text: string;
  hint: string;
}

export interface Site {
  title: string;
  description: string;
  extendedDescription: string;
  privacyPolicy: string;
  contactEmail: string;
  registrations: RegistrationMode;
  reasonRequired: boolean;
  rules: SiteRule[];
}

export type Severity = "fine" | "care" | "broken";

/** One thing said of a party outside; title, text, stops and today are the server's English. */
export interface Finding {
  party: string;
  name: string;
  severity: Severity;
  saying: string;
  n: number;
  what: string;
  title: string;
  text: string;
  stops: string;
  today: string;
}

export interface Dependencies {
  status: Severity;
  findings: Finding[];
}

/** The last rehearsal of leaving; `at` is null when there was none. */
export interface Drill {
  at: string | null;
  ok: boolean;
  why: string;
  copySeconds: number;
  openSeconds: number;
  writeSeconds: number;
  rows: number;
  files: number;
  compared: number;
  missing: number;
  changed: number;
}

export interface BackupState {
  to: string;
  everySeconds: number;
  madeAt: string | null;
  verifiedAt: string | null;
  sound: boolean;
  history: { at: string; seconds: number; bytes: number }[];
}

export interface StandbyState {
  name: string;
  joined: boolean;
  heardAt: string | null;
  /** null: it has not said yet. */
  doing: "copying" | "comparing" | "following" | null;
  /** Of a copy or a comparison: the table it is at, of how many. */
  step: number;
  steps: number;
  behindSeconds: number;
}

/** Media on their way to another store; `found` grows until all are found. */
export interface MediaMove {
  from: string;
  to: string;
  over: boolean;
  moved: number;
  found: number;
  allFound: boolean;
}

export interface Copies {
  backup: BackupState | null;
  standbys: StandbyState[];
  mediaMove: MediaMove | null;
}

export interface AuditEntry {
  id: string;
  createdAt: string;
  actor: Account | null;
  action: string;
  targetKind: string;
  targetId: string;
  targetLabel: string;
  text: string;
}

export type Theme = "auto" | "light" | "dark";

export interface Preferences {
  theme: Theme;
  locale: string;
  reduceMotion: boolean;
  expandWarnings: boolean;
  expandMedia: "default" | "show_all" | "hide_all";
}

/** What one takes along or brings (docs/extensions.md). */
export interface Transfer {
  id: string;
  direction: "import" | "export";
  kind: string;
  createdAt: string;
  expiresAt: string;
  state: "waiting" | "working" | "done" | "failed";
  percent: number;
  taken: number;
  known: number;
  refused: number;
  error: string | null;
  size?: number;
  report?: { line: number; text: string }[];
}
