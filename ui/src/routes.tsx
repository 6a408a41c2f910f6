// Every page of the client: its path, who may see it, what draws it. Pages that are not needed at once come lazily.
import type { ComponentChildren } from "preact";
import { part } from "./parts/lazy";
import { Home, Local, Public } from "./pages/timelines";
import { Notifications } from "./pages/notifications";
import { Profile } from "./pages/profile";
import { Thread } from "./pages/thread";

type Who = "anyone" | "member" | "moderator" | "admin" | "owner";

interface Route {
  path: string;
  who: Who;
  /** Drawn without navigation around it. */
  bare?: boolean;
  draw: (parameters: Record<string, string>) => ComponentChildren;
}

const more = () => import("./pages/more");
const auth = () => import("./pages/auth");
const settings = () => import("./pages/settings");
const moderation = () => import("./pages/moderation");

const Explore = part(more, "Explore");
const ExploreTags = part(more, "ExploreTags");
const Directory = part(more, "Directory");
const Search = part(more, "Search");
const TagPage = part(more, "TagPage");
const ListTimeline = part(more, "ListTimeline");
const Bookmarks = part(more, "Bookmarks");
const Favourites = part(more, "Favourites");
const Lists = part(more, "Lists");
const ListEdit = part(more, "ListEdit");
const Conversations = part(more, "Conversations");
const Follows = part(more, "Follows");
const Reactions = part(more, "Reactions");
const FollowRequests = part(more, "FollowRequests");
const HistoryPage = part(more, "HistoryPage");
const Share = part(more, "Share");
const About = part(more, "About");
const Privacy = part(more, "Privacy");
const Shortcuts = part(more, "Shortcuts");
const Login = part(auth, "Login");
const Signup = part(auth, "Signup");
const Confirm = part(auth, "Confirm");
const Setup = part(auth, "Setup");
const Forgot = part(auth, "Forgot");
const Reset = part(auth, "Reset");
const SettingsIndex = part(settings, "SettingsIndex");
const ProfileSettings = part(settings, "ProfileSettings");
const AppearanceSettings = part(settings, "AppearanceSettings");
const PrivacySettings = part(settings, "PrivacySettings");
const Blocks = part(settings, "Blocks");
const Mutes = part(settings, "Mutes");
const AccountSettings = part(settings, "AccountSettings");
const SessionSettings = part(settings, "SessionSettings");
const InviteSettings = part(settings, "InviteSettings");
const TransferSettings = part(settings, "TransferSettings");
const Filters = part(settings, "Filters");
const FilterEdit = part(settings, "FilterEdit");
const Reports = part(moderation, "Reports");
const Report = part(moderation, "Report");
const Pending = part(moderation, "Pending");
const Accounts = part(moderation, "Accounts");
const AccountDetails = part(moderation, "AccountDetails");
const MailDomains = part(moderation, "MailDomains");
const Addresses = part(moderation, "Addresses");
const Audit = part(moderation, "Audit");
const Independence = part(moderation, "Independence");
const SiteSettings = part(moderation, "SiteSettings");
export const NotFound = part(more, "NotFound");

const page = (path: string, who: Who, draw: Route["draw"]): Route => ({ path, who, draw });
const door = (path: string, draw: Route["draw"]): Route => ({ path, who: "anyone", bare: true, draw });

const routes: Route[] = [
  page("/home", "member", () => <Home />),
  page("/public/local", "anyone", () => <Local />),
  page("/public", "anyone", () => <Public />),
  page("/notifications", "member", () => <Notifications key="all" />),
  page("/notifications/mentions", "member", () => <Notifications key="mentions" tab="mentions" />),
  page("/conversations", "member", () => <Conversations />),
  page("/explore", "anyone", () => <Explore />),
  page("/explore/tags", "anyone", () => <ExploreTags />),
  page("/directory", "anyone", () => <Directory />),
  page("/search", "anyone", () => <Search />),
  page("/tags/:name", "anyone", ({ name = "" }) => <TagPage key={name} name={name} />),
  page("/lists", "member", () => <Lists />),
  page("/lists/:id", "member", ({ id = "" }) => <ListTimeline key={id} id={id} />),
  page("/lists/:id/edit", "member", ({ id = "" }) => <ListEdit key={id} id={id} />),
  page("/bookmarks", "member", () => <Bookmarks />),
  page("/favourites", "member", () => <Favourites />),
  page("/follow_requests", "member", () => <FollowRequests />),
  page("/share", "member", () => <Share />),
  page("/about", "anyone", () => <About />),
  page("/privacy", "anyone", () => <Privacy />),
  page("/shortcuts", "anyone", () => <Shortcuts />),
  door("/login", () => <Login />),
  door("/signup", () => <Signup />),
  door("/confirm", () => <Confirm />),
  door("/forgot", () => <Forgot />),
  door("/reset", () => <Reset />),
  door("/setup", () => <Setup />),
  page("/settings", "member", () => <SettingsIndex />),
  page("/settings/profile", "member", () => <ProfileSettings />),
  page("/settings/appearance", "anyone", () => <AppearanceSettings />),
  page("/settings/privacy", "member", () => <PrivacySettings />),
  page("/settings/blocks", "member", () => <Blocks />),
  page("/settings/mutes", "member", () => <Mutes />),
  page("/settings/account", "member", () => <AccountSettings />),
  page("/settings/sessions", "member", () => <SessionSettings />),
  page("/settings/invites", "member", () => <InviteSettings />),
  page("/settings/transfers", "member", () => <TransferSettings />),
  page("/settings/filters", "member", () => <Filters />),
  page("/settings/filters/:id", "member", ({ id = "" }) => <FilterEdit key={id} id={id} />),
  page("/moderation", "moderator", () => <Reports />),
  page("/moderation/reports/:id", "moderator", ({ id = "" }) => <Report key={id} id={id} />),
  page("/moderation/pending", "moderator", () => <Pending />),
  page("/moderation/accounts", "moderator", () => <Accounts />),
  page("/moderation/accounts/:id", "moderator", ({ id = "" }) => <AccountDetails key={id} id={id} />),
  page("/moderation/mail-domains", "moderator", () => <MailDomains />),
  page("/moderation/addresses", "moderator", () => <Addresses />),
  page("/moderation/audit", "moderator", () => <Audit />),
  page("/moderation/independence", "owner", () => <Independence />),
  page("/moderation/site", "admin", () => <SiteSettings />),
  page("/@:acct", "anyone", ({ acct = "" }) => <Profile key={acct} acct={acct} />),
  page("/@:acct/with_replies", "anyone", ({ acct = "" }) => <Profile key={acct} acct={acct} tab="replies" />),
  page("/@:acct/media", "anyone", ({ acct = "" }) => <Profile key={acct} acct={acct} tab="media" />),
  page("/@:acct/followers", "anyone", ({ acct = "" }) => <Follows key={`${acct}/a`} acct={acct} side="followers" />),
  page("/@:acct/following", "anyone", ({ acct = "" }) => <Follows key={`${acct}/b`} acct={acct} side="following" />),
  page("/@:acct/:id", "anyone", ({ id = "" }) => <Thread key={id} id={id} />),
  page("/@:acct/:id/history", "anyone", ({ acct = "", id = "" }) => <HistoryPage acct={acct} id={id} />),
  page("/@:acct/:id/boosts", "anyone", ({ acct = "", id = "" }) => <Reactions key={`${id}/a`} acct={acct} id={id} kind="boosts" />),
  page("/@:acct/:id/favourites", "anyone", ({ acct = "", id = "" }) => <Reactions key={`${id}/b`} acct={acct} id={id} kind="favourites" />),
];

const compiled = routes.map((route) => {
  const names: string[] = [];
  const pattern = route.path.replace(/:(\w+)/g, (_, name: string) => (names.push(name), "([^/]+)"));
  return { route, names, pattern: new RegExp(`^${pattern}$`) };
});

export interface Match {
  route: Route;
  parameters: Record<string, string>;
}

export function match(path: string): Match | null {
  for (const { route, names, pattern } of compiled) {
    const found = pattern.exec(path);
    if (found) return { route, parameters: Object.fromEntries(names.map((name, index) => [name, found[index + 1] ?? ""])) };
  }
  return null;
}
