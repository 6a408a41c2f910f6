// Sign-up in the four modes: open, by approval, by invitation, closed.
import { useState } from "preact/hooks";
import { api } from "../../api/client";
import { freehold } from "../../api/freehold";
import type { SignupState } from "../../api/types";
import { locale, m } from "../../i18n";
import { navigate, place } from "../../router";
import { loadSession, site } from "../../state/session";
import { Button } from "../../parts/basics";
import { FormTrouble, TextField, useSubmit } from "../../parts/form";
import { useLoad } from "../../parts/load";
import { Gate } from "./gate";
import { PhoneCode } from "./phone";

const SHORTEST_PASSWORD = 8;

export function Signup() {
  const invite = place.value.query.get("invite") ?? "";
  const mode = site.value.registrations;
  const [code, setCode] = useState(invite);
  const [username, setUsername] = useState("");
  const [email, setEmail] = useState("");
  const [phone, setPhone] = useState("");
  const [password, setPassword] = useState("");
  const [reason, setReason] = useState("");
  const [agreement, setAgreement] = useState(false);
  const [state, setState] = useState<SignupState | null>(null);
  const instance = useLoad(() => api.v2.instance.fetch(), []);

  const form = useSubmit(async () => {
    const answer = await freehold.signUp({
      username: username.trim(),
      email: email.trim(),
      phone: phone.trim(),
      password,
      agreement,
      locale: locale.value,
      reason,
      invite: code.trim(),
    });
    if (answer.state === "unconfirmed") await loadSession().catch(() => undefined); // whether messages leave just now
    if (answer.state !== "active") return setState(answer.state);
    await loadSession();
    navigate("/home", { replace: true });
  });
  if (state === "unconfirmed" && site.value.confirm === "phone")
    return (
      <PhoneCode
        login={username.trim()}
        password={password}
        phone={phone.trim()}
        done={() => loadSession().then(() => navigate("/home", { replace: true }))}
      />
    );
  if (state) {
    const words = m.auth.after[state === "pending" ? "pending" : site.value.mailDelayed ? "delayed" : "unconfirmed"];
    return (
      <Gate title={words.title}>
        <p>{words.text(email)}</p>
        {state === "unconfirmed" && !site.value.mailDelayed && (
          <p>
            <a href="/confirm">{m.auth.resend}</a>
          </p>
        )}
      </Gate>
    );
  }
  if (mode === "closed")
    return (
      <Gate title={m.auth.closedTitle} below={<a href="/login">{m.auth.logIn}</a>}>
        <p>{m.auth.closedText}</p>
      </Gate>
    );
  const rules = instance.value?.rules ?? [];
  const needsReason = mode === "approval" && !invite;
  return (
    <Gate
      title={m.auth.signUpTitle(site.value.title)}
      intro={<p>{m.auth.modes[mode]}</p>}
      below={
        <>
          {m.auth.haveAccount} <a href="/login">{m.auth.logIn}</a>
        </>
      }
    >
      <form class="form" onSubmit={form.submit}>
        <FormTrouble text={form.trouble} />
        {(mode === "invite" || invite) && (
          <TextField label={m.auth.invite} value={code} set={setCode} errors={form.errors.invite} required />
        )}
        <TextField
          label={m.auth.username}
          value={username}
          set={setUsername}
          errors={form.errors.username}
          hint={m.auth.usernameHint(site.value.domain)}
          autocomplete="username"
          required
          maxLength={30}
        />
        <TextField
          label={m.auth.email}
          value={email}
          set={setEmail}
          errors={form.errors.email}
          type="email"
          autocomplete="email"
          required
          {...(site.value.confirm === "email" && { hint: m.auth.emailHint })}
        />
        {site.value.confirm === "phone" && (
          <TextField
            label={m.auth.phone}
            value={phone}
            set={setPhone}
            errors={form.errors.phone}
            hint={m.auth.phoneHint}
            type="tel"
            autocomplete="tel"
            required
          />
        )}
        <TextField
          label={m.auth.password}
          value={password}
          set={setPassword}
          errors={form.errors.password}
          hint={m.auth.passwordHint(SHORTEST_PASSWORD)}
          type="password"
          autocomplete="new-password"
          required
          minLength={SHORTEST_PASSWORD}
        />
        {needsReason && (
          <TextField
            label={m.auth.reason}
            value={reason}
            set={setReason}
            errors={form.errors.reason}
            hint={m.auth.reasonHint}
            rows={3}
            maxLength={2000}
            required
          />
        )}
        {rules.length > 0 && (
          <section class="rules">
            <h2>{m.about.rules}</h2>
            <ol>
              {rules.map((rule) => (
                <li key={rule.id}>{rule.text}</li>
              ))}
            </ol>
          </section>
        )}
        <label class="check">
          <input type="checkbox" required checked={agreement} onChange={(event) => setAgreement(event.currentTarget.checked)} />
          <span>
            {m.auth.agree}{" "}
            <a href="/about" target="_blank">
              {m.about.rules}
            </a>
            ,{" "}
            <a href="/privacy" target="_blank">
              {m.panel.privacy}
            </a>
          </span>
        </label>
        {form.errors.agreement && <p class="field-error">{form.errors.agreement.join(" ")}</p>}
        <Button kind="main" type="submit" busy={form.busy}>
          {mode === "approval" ? m.auth.apply : m.auth.signUp}
        </Button>
      </form>
    </Gate>
  );
}
