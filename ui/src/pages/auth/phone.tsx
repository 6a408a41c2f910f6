// The step between sign-up and the network where a telephone counts: six digits that were sent to it.
import { useEffect, useState } from "preact/hooks";
import { RequestError, explain } from "../../api/errors";
import { freehold } from "../../api/freehold";
import { m } from "../../i18n";
import { loadSession, site } from "../../state/session";
import { Button } from "../../parts/basics";
import { FormTrouble, TextField, useSubmit } from "../../parts/form";
import { Gate } from "./gate";

interface Who {
  login: string;
  password: string;
}

const words = (error: unknown): string | null => {
  if (!(error instanceof RequestError)) return null;
  if (error.status === 410) return m.auth.code.gone;
  if (error.status === 422 && error.details.phone) return `${m.auth.phone}: ${error.details.phone.join(" ")}`;
  return error.status === 422 ? null : explain(error);
};

/** Another code, to the number that is typed in: the network keeps none. */
function Another({ who, number, sent }: { who: Who; number: string; sent: (phone: string) => void }) {
  const [phone, setPhone] = useState(number);
  const form = useSubmit(async () => {
    await freehold.sendCode(who.login, who.password, phone.trim());
    sent(phone.trim());
    await loadSession().catch(() => undefined); // whether it leaves just now
  });
  return (
    <form class="form" onSubmit={form.submit}>
      <FormTrouble text={form.trouble} />
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
      <Button type="submit" busy={form.busy}>
        {m.auth.code.send}
      </Button>
    </form>
  );
}

interface Props extends Who {
  /** Where the first code went; empty when this page does not know. */
  phone: string;
  /** Everything is ready, and the browser is logged in. */
  done: () => Promise<unknown>;
}

export function PhoneCode({ login, password, phone, done }: Props) {
  const [code, setCode] = useState("");
  const [number, setNumber] = useState(phone);
  const [again, setAgain] = useState(false);
  const [sent, setSent] = useState(false);
  const [pending, setPending] = useState(false);
  const form = useSubmit(async () => {
    const { state } = await freehold.confirmPhone(login, password, code);
    if (state === "active") await done();
    else setPending(true);
  }, words);
  useEffect(() => {
    void loadSession().catch(() => undefined);
  }, []);
  if (pending)
    return (
      <Gate title={m.auth.after.pending.title}>
        <p>{m.auth.after.pending.text("")}</p>
      </Gate>
    );
  const where = site.value.smsDelayed ? m.auth.code.delayed : number ? m.auth.code.sentTo(number) : m.auth.code.sent;
  return (
    <Gate title={m.auth.code.title} intro={<p role="status">{sent && !site.value.smsDelayed ? m.auth.code.onItsWay(number) : where}</p>}>
      <form class="form" onSubmit={form.submit}>
        <FormTrouble text={form.trouble} />
        <TextField
          label={m.auth.code.label}
          value={code}
          set={setCode}
          errors={form.errors.code}
          inputMode="numeric"
          autocomplete="one-time-code"
          pattern="[0-9][0-9 \-]{5,8}"
          maxLength={9}
          required
        />
        <Button kind="main" type="submit" busy={form.busy}>
          {m.auth.code.go}
        </Button>
      </form>
      {again ? (
        <Another
          who={{ login, password }}
          number={number}
          sent={(to) => {
            setNumber(to);
            setSent(true);
            setAgain(false);
            setCode("");
          }}
        />
      ) : (
        <p class="form-aside">
          <button type="button" class="link" onClick={() => setAgain(true)}>
            {m.auth.code.another}
          </button>
        </p>
      )}
    </Gate>
  );
}
