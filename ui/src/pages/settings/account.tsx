// Password, address, and the end of the account.
import { useState } from "preact/hooks";
import { freehold } from "../../api/freehold";
import { m } from "../../i18n";
import { leave, loadSession, me, session } from "../../state/session";
import { say } from "../../state/notices";
import { Button } from "../../parts/basics";
import { FormTrouble, TextField, useSubmit } from "../../parts/form";
import { SettingsPage } from "./frame";

function PasswordForm() {
  const [current, setCurrent] = useState("");
  const [password, setPassword] = useState("");
  const form = useSubmit(async () => {
    await freehold.changePassword(current, password);
    setCurrent("");
    setPassword("");
    say(m.settings.passwordChanged);
  });
  return (
    <form class="sheet form" onSubmit={form.submit}>
      <h2>{m.auth.password}</h2>
      <FormTrouble text={form.trouble} />
      <input
        type="text"
        class="visually-hidden"
        autocomplete="username"
        value={me.value?.username ?? ""}
        readOnly
        tabIndex={-1}
        aria-hidden="true"
      />
      <TextField
        label={m.settings.currentPassword}
        value={current}
        set={setCurrent}
        type="password"
        autocomplete="current-password"
        required
        errors={form.errors.current}
      />
      <TextField
        label={m.auth.newPassword}
        value={password}
        set={setPassword}
        type="password"
        autocomplete="new-password"
        required
        minLength={8}
        hint={m.settings.passwordHint}
        errors={form.errors.password}
      />
      <div class="row row-end">
        <Button kind="main" type="submit" busy={form.busy}>
          {m.settings.changePassword}
        </Button>
      </div>
    </form>
  );
}

function EmailForm() {
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const form = useSubmit(async () => {
    const { state } = await freehold.changeEmail(email.trim(), password);
    setPassword("");
    say(state === "unconfirmed" ? m.settings.emailMailed(email) : m.common.saved);
    await loadSession();
  });
  return (
    <form class="sheet form" onSubmit={form.submit}>
      <h2>{m.auth.email}</h2>
      <p class="hint">{m.settings.emailNow(session.value.email ?? "")}</p>
      <FormTrouble text={form.trouble} />
      <TextField
        label={m.settings.newEmail}
        value={email}
        set={setEmail}
        type="email"
        autocomplete="email"
        required
        errors={form.errors.email}
      />
      <TextField
        label={m.settings.currentPassword}
        value={password}
        set={setPassword}
        type="password"
        autocomplete="current-password"
        required
        errors={form.errors.password}
      />
      <div class="row row-end">
        <Button kind="main" type="submit" busy={form.busy}>
          {m.settings.changeEmail}
        </Button>
      </div>
    </form>
  );
}

function DeleteForm() {
  const [password, setPassword] = useState("");
  const [name, setName] = useState("");
  const account = me.value;
  const form = useSubmit(async () => {
    await freehold.deleteAccount(password);
    await leave();
  });
  return (
    <form class="sheet form danger-zone" onSubmit={form.submit}>
      <h2>{m.settings.deleteTitle}</h2>
      <p>{m.settings.deleteText}</p>
      <FormTrouble text={form.trouble} />
      <TextField label={m.settings.deleteName(account?.username ?? "")} value={name} set={setName} autocomplete="off" required />
      <TextField
        label={m.settings.currentPassword}
        value={password}
        set={setPassword}
        type="password"
        autocomplete="current-password"
        required
        errors={form.errors.password}
      />
      <div class="row row-end">
        <Button kind="danger" type="submit" icon="trash" busy={form.busy} disabled={name !== account?.username || !password}>
          {m.settings.deleteYes}
        </Button>
      </div>
    </form>
  );
}

export function AccountSettings() {
  return (
    <SettingsPage title={m.settings.account}>
      <EmailForm />
      <PasswordForm />
      <DeleteForm />
    </SettingsPage>
  );
}
