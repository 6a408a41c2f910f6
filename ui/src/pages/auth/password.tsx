// A forgotten password: ask for the mail, then choose a new one.
import { useState } from "preact/hooks";
import { freehold } from "../../api/freehold";
import { m } from "../../i18n";
import { place } from "../../router";
import { Button } from "../../parts/basics";
import { FormTrouble, TextField, useSubmit } from "../../parts/form";
import { Gate } from "./gate";

const back = () => <a href="/login">{m.auth.logIn}</a>;

export function Forgot() {
  const [email, setEmail] = useState("");
  const [sent, setSent] = useState(false);
  const form = useSubmit(async () => {
    await freehold.forgotPassword(email.trim());
    setSent(true);
  });
  return (
    <Gate title={m.auth.forgotTitle} below={back()}>
      {sent ? (
        <p role="status">{m.auth.mailSent}</p>
      ) : (
        <form class="form" onSubmit={form.submit}>
          <p>{m.auth.forgotText}</p>
          <FormTrouble text={form.trouble} />
          <TextField label={m.auth.email} value={email} set={setEmail} type="email" autocomplete="email" required />
          <Button kind="main" type="submit" busy={form.busy}>
            {m.auth.sendMail}
          </Button>
        </form>
      )}
    </Gate>
  );
}

export function Reset() {
  const token = place.value.query.get("token") ?? "";
  const [password, setPassword] = useState("");
  const [done, setDone] = useState(false);
  const form = useSubmit(async () => {
    await freehold.resetPassword(token, password);
    setDone(true);
  });
  return (
    <Gate title={m.auth.resetTitle} below={back()}>
      {done ? (
        <p role="status">{m.auth.resetDone}</p>
      ) : (
        <form class="form" onSubmit={form.submit}>
          <FormTrouble text={form.trouble} />
          <TextField
            label={m.auth.newPassword}
            value={password}
            set={setPassword}
            errors={form.errors.password}
            type="password"
            autocomplete="new-password"
            required
            minLength={8}
            hint={m.auth.passwordHint(8)}
          />
          <Button kind="main" type="submit" busy={form.busy}>
            {m.common.save}
          </Button>
        </form>
      )}
    </Gate>
  );
}
