// The start: preferences, session, then the page of the address.
import { render } from "preact";
import { useEffect } from "preact/hooks";
import { signal } from "@preact/signals";
import { onDoubtfulSession } from "./api/errors";
import { closeStream } from "./api/stream";
import { locale, m } from "./i18n";
import { navigate, place, startRouter } from "./router";
import { NotFound, match } from "./routes";
import { startKeys } from "./state/keys";
import { sweepDrafts } from "./state/drafts";
import { startHomeStream } from "./state/feeds";
import { takeNotification } from "./state/notifications";
import { loadSession, mayAdminister, mayModerate, mayOwn, me, session } from "./state/session";
import { applyStoredPreferences, loadPreferences } from "./state/settings";
import { countUnread } from "./state/unread";
import { Trouble } from "./parts/basics";
import { Layout } from "./parts/layout";
import { Mark } from "./parts/icon";

type Phase = "starting" | "ready" | "failed";
const phase = signal<Phase>("starting");
let failure: unknown = null;

async function begin(): Promise<void> {
  try {
    await loadSession();
    await loadPreferences().catch(() => undefined);
    phase.value = "ready";
  } catch (error) {
    failure = error;
    phase.value = "failed";
  }
}

function retry(): Promise<void> {
  phase.value = "starting";
  return begin();
}

/** Runs while somebody is logged in: the reader's own stream and the numbers on the bells. */
function useOwnStream(ready: boolean, accountId: string | undefined): void {
  useEffect(() => {
    // Before the session is known nobody's drafts may be swept away.
    if (!ready) return;
    sweepDrafts(accountId ?? null);
    if (!accountId) {
      closeStream();
      return;
    }
    void countUnread().catch(() => undefined);
    return startHomeStream(takeNotification);
  }, [ready, accountId]);
}

function App() {
  const { path } = place.value;
  // Every text is drawn anew when the language changes.
  const language = locale.value;
  const account = me.value;
  const found = match(path);
  const who = found?.route.who ?? "anyone";
  const ready = phase.value === "ready";
  useOwnStream(ready, account?.id);
  const allowed =
    who === "anyone" ||
    (account &&
      (who === "member" ||
        (who === "moderator" && mayModerate.value) ||
        (who === "admin" && mayAdminister.value) ||
        (who === "owner" && mayOwn.value)));
  const start = account ? "/home" : "/explore";
  useEffect(() => {
    // What is drawn may be older than where the reader is.
    if (!ready || place.value.path !== path) return;
    if (session.value.setupNeeded && path === "/") navigate("/setup", { replace: true });
    else if (path === "/") navigate(start, { replace: true });
    else if (!allowed && !account) navigate(`/login?next=${encodeURIComponent(path + location.search)}`, { replace: true });
  }, [ready, path, allowed]);

  if (phase.value === "failed")
    return (
      <main class="splash">
        <Mark />
        <Trouble error={failure} retry={retry} />
      </main>
    );
  if (!ready || path === "/" || (!allowed && !account))
    return (
      <main class="splash" aria-busy="true">
        <Mark />
        <span class="visually-hidden">{m.states.loading}</span>
      </main>
    );
  return (
    <Layout key={language} bare={found?.route.bare ?? false}>
      {found && allowed ? found.route.draw(found.parameters) : <NotFound />}
    </Layout>
  );
}

onDoubtfulSession(() => void loadSession().catch(() => undefined));

addEventListener("online", () => {
  if (phase.value === "failed") void retry();
});

function mount(root: HTMLElement): void {
  root.replaceChildren();
  for (const sheet of document.querySelectorAll("link[href^='/assets/page-']")) sheet.remove();
  render(<App />, root);
}

async function start(): Promise<void> {
  await applyStoredPreferences().catch(() => undefined);
  startRouter((path) => path === "/" || match(path) !== null);
  startKeys();
  const root = document.getElementById("app");
  if (!root) return;
  // What the server drew for readers without script stays until there is something better to show.
  const drawn = root.querySelector("main > :not(noscript)") !== null;
  if (!drawn) mount(root);
  await begin();
  if (drawn) mount(root);
  if ("serviceWorker" in navigator) navigator.serviceWorker.register("/sw.js").catch(() => undefined);
}

void start();
