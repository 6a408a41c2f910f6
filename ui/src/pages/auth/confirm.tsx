// The address in the mail leads here; without a token one can have the mail sent again.
import { useEffect, useState } from "preact/hooks";
import { explain } from "../../api/errors";
import { freehold } from "../../api/freehold";
import { m } from "../../i18n";
import { place } from "../../router";
import { loadSession, me } from "../../state/session";
import { Button, Spinner } from "../../parts/basics";
import { FormTrouble, TextField, useSubmit } from "../../parts/form";
import { Gate } from "./gate";

function Resend() {
  const [email, setEmail] = useState("");
  const [sent, setSent] = useState(false);
  const form = useSubmit(async () => {
    await freehold.resendConfirmation(email.trim());
    setSent(true);
  });
  if (sent) return <p role="status">{m.auth.mailSent}</p>;
  return (
    <form class="form" onSubmit={form.submit}>
      <FormTrouble text={form.trouble} />
      <TextField label={m.auth.email} value={email} set={setEmail} type="email" autocomplete="email" required />
      <Button kind="main" type="submit" busy={form.busy}>
        {m.auth.resend}
      </Button>
    </form>
  );
}

export function Confirm() {
  const token = place.value.query.get("token");
  const [state, setState] = useState<"busy" | "active" | "pending" | "failed">(token ? "busy" : "failed");
  const [problem, setProblem] = useState("");
  useEffect(() => {
    if (!token) return;
    freehold.confirm(token).then(
      async (answer) => {
        await loadSession().catch(() => undefined);
        setState(answer.state === "pending" ? "pending" : "active");
      },
      (error: unknown) => {
        setProblem(explain(error));
        setState("failed");
      },
    );
  }, [token]);
  if (state === "busy")
    return (
      <Gate title={m.auth.confirming}>
        <Spinner />
      </Gate>
    );
  if (state === "failed")
    return (
      <Gate title={token ? m.auth.confirmFailed : m.auth.resendTitle} intro={<p>{token ? problem : m.auth.resendText}</p>}>
        <Resend />
      </Gate>
    );
  if (state === "pending")
    return (
      <Gate title={m.auth.after.pending.title}>
        <p>{m.auth.after.pending.text("")}</p>
      </Gate>
    );
  return (
    <Gate title={m.auth.confirmed}>
      <p>{m.auth.confirmedText}</p>
      <p>
        <a class="button button-main" href={me.value ? "/home" : "/login"}>
          {me.value ? m.nav.home : m.auth.logIn}
        </a>
      </p>
    </Gate>
  );
}
