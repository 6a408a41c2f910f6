// Warn, limit, freeze or suspend, with words to the person.
import { useState } from "preact/hooks";
import { api } from "../../api/client";
import type { AdminAccount } from "../../api/types";
import { m } from "../../i18n";
import { say } from "../../state/notices";
import { Button, Switch } from "../../parts/basics";
import { Dialog, openDialog } from "../../parts/dialog";
import { FormTrouble, TextField, useSubmit } from "../../parts/form";
import { nameOf } from "../../parts/rich";

const ACTIONS = ["none", "silence", "disable", "suspend"] as const;

export function openAction(account: AdminAccount, done: () => void, reportId?: string): void {
  openDialog((close) => <Action account={account} reportId={reportId} done={done} close={close} />);
}

function Action({
  account,
  reportId,
  done,
  close,
}: {
  account: AdminAccount;
  reportId: string | undefined;
  done: () => void;
  close: () => void;
}) {
  const [type, setType] = useState<(typeof ACTIONS)[number]>("none");
  const [text, setText] = useState("");
  const [mail, setMail] = useState(true);
  const form = useSubmit(async () => {
    await api.v1.admin.accounts
      .$select(account.id)
      .action.create({ type, text, sendEmailNotification: mail, ...(reportId && { reportId }) });
    say(m.moderation.done);
    done();
    close();
  });
  return (
    <Dialog title={m.moderation.actOn(nameOf(account.account))} onClose={close}>
      <form onSubmit={form.submit}>
        <div class="dialog-body form">
          <FormTrouble text={form.trouble} />
          <fieldset class="choices">
            <legend>{m.moderation.what}</legend>
            {ACTIONS.map((each) => (
              <label key={each} class="choice">
                <input type="radio" name="action" checked={type === each} onChange={() => setType(each)} />
                <span>
                  <strong>{m.moderation.actions[each].name}</strong>
                  <small>{m.moderation.actions[each].text}</small>
                </span>
              </label>
            ))}
          </fieldset>
          <TextField label={m.moderation.message} value={text} set={setText} rows={4} maxLength={2000} hint={m.moderation.messageHint} />
          <Switch label={m.moderation.mail} checked={mail} onChange={setMail} />
        </div>
        <footer class="dialog-foot">
          <Button kind="plain" onClick={close}>
            {m.common.cancel}
          </Button>
          <Button kind="danger" type="submit" busy={form.busy}>
            {m.moderation.actions[type].name}
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}
