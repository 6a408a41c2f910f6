// What somebody may do for the site: seen, given and taken.
import { useState } from "preact/hooks";
import { statusOf } from "../../api/errors";
import { freehold } from "../../api/freehold";
import type { AdminAccount, Role } from "../../api/types";
import { m } from "../../i18n";
import { say } from "../../state/notices";
import { loadSession, me, session } from "../../state/session";
import { Button, roleOf } from "../../parts/basics";
import { Dialog, openDialog } from "../../parts/dialog";
import { FormTrouble, useSubmit } from "../../parts/form";
import { nameOf } from "../../parts/rich";

/** The roles this reader may give to that member; the server decides again. */
export function rolesFor(account: AdminAccount): Role[] {
  const now = roleOf(account.role);
  if (session.value.role === "owner") return ["user", "moderator", "admin", "owner"];
  const below = now === "user" || now === "moderator";
  return session.value.role === "admin" && below ? ["user", "moderator"] : [];
}

export function openRole(account: AdminAccount, done: () => void): void {
  openDialog((close) => <RoleChoice account={account} done={done} close={close} />);
}

function RoleChoice({ account, done, close }: { account: AdminAccount; done: () => void; close: () => void }) {
  const [role, setRole] = useState(roleOf(account.role));
  const form = useSubmit(
    async () => {
      await freehold.setRole(account.id, role);
      if (account.id === me.value?.id) await loadSession();
      say(m.moderation.roleSet(nameOf(account.account), m.roles[role]));
      done();
      close();
    },
    (error) => (statusOf(error) === 409 ? m.moderation.roleRefused : null),
  );
  return (
    <Dialog title={m.moderation.roleOf(nameOf(account.account))} onClose={close}>
      <form onSubmit={form.submit}>
        <div class="dialog-body form">
          <FormTrouble text={form.trouble} />
          <fieldset class="choices">
            <legend>{m.moderation.roleQuestion}</legend>
            {rolesFor(account).map((each) => (
              <label key={each} class="choice">
                <input type="radio" name="role" checked={role === each} onChange={() => setRole(each)} />
                <span>
                  <strong>{m.roles[each]}</strong>
                  <small>{m.moderation.roleTexts[each]}</small>
                </span>
              </label>
            ))}
          </fieldset>
        </div>
        <footer class="dialog-foot">
          <Button kind="plain" onClick={close}>
            {m.common.cancel}
          </Button>
          <Button kind="main" type="submit" busy={form.busy} disabled={role === roleOf(account.role)}>
            {m.common.save}
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}
