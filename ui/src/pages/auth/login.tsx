// Log-in.
import { useState } from "preact/hooks";
import { RequestError } from "../../api/errors";
import { freehold } from "../../api/freehold";
import type { Session } from "../../api/types";
import { m } from "../../i18n";
import { navigate, place } from "../../router";
import { loadPreferences } from "../../state/settings";
import { site, switchTo } from "../../state/session";
import { Button } from "../../parts/basics";
import { FormTrouble, TextField, useSubmit } from "../../parts/form";
import { Gate } from "./gate";
import { PhoneCode } from "./phone";

/** Only a path of this site is a place to go on to. */
export function nextPath(): string {
  const next = place.value.query.get("next") ?? "";
  return /^\/(?![/\\])/.test(next) ? next : "/home";
}

export function Login() {
  const [login, setLogin] = useState("");
  const [password, setPassword] = useState("");
  const [reason, setReason] = useState<string | null>(null);
  const explainLogin = (error: unknown): string | null => {
    if (!(error instanceof RequestError)) return null;
    setReason(error.reason);
    if (error.status === 401) return m.auth.wrong;
    if (error.reason === "unconfirmed" && site.value.mailDelayed) return m.auth.reasons.delayed;
    return (m.auth.reasons as Record<string, string>)[error.reason ?? ""] ?? null;
  };
  const enter = async (next: Session): Promise<void> => {
    switchTo(next);
    await loadPreferences();
    const path = nextPath();
    // The consent page is drawn by the server, not by this client.
    if (path.startsWith("/oauth/")) location.assign(path);
    else navigate(path, { replace: true });
  };
  const form = useSubmit(async () => enter(await freehold.logIn(login.trim(), password)), explainLogin);
  if (reason === "unconfirmed" && site.value.confirm === "phone")
    return <PhoneCode login={login.trim()} password={password} phone="" done={async () => enter(await freehold.session())} />;
  return (
    <Gate
      title={m.auth.logInTitle}
      below={
        site.value.registrations !== "closed" && (
          <>
            {m.auth.noAccount} <a href="/signup">{m.auth.signUp}</a>
          </>
        )
      }
    >
      <form class="form" onSubmit={form.submit}>
        <FormTrouble text={form.trouble} />
        {reason === "unconfirmed" && (
          <p>
            <a href="/confirm">{m.auth.resend}</a>
          </p>
        )}
        <TextField label={m.auth.login} value={login} set={setLogin} autocomplete="username" required />
        <TextField label={m.auth.password} value={password} set={setPassword} type="password" autocomplete="current-password" required />
        <Button kind="main" type="submit" busy={form.busy}>
          {m.auth.logIn}
        </Button>
        <p class="form-aside">
          <a href="/forgot">{m.auth.forgot}</a>
        </p>
      </form>
    </Gate>
  );
}
