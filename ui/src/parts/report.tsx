// "Something is wrong here": a report to the moderators.
import { useEffect, useState } from "preact/hooks";
import { api } from "../api/client";
import type { Account, Status } from "../api/types";
import { m } from "../i18n";
import { complain, say } from "../state/notices";
import { Button, Field } from "./basics";
import { Dialog } from "./dialog";
import { nameOf } from "./rich";

type Category = "spam" | "violation" | "legal" | "other";

export function Report({ account, status, close }: { account: Account; status?: Status | undefined; close: () => void }) {
  const [category, setCategory] = useState<Category>("spam");
  const [comment, setComment] = useState("");
  const [rules, setRules] = useState<{ id: string; text: string }[]>([]);
  const [broken, setBroken] = useState<string[]>([]);
  const [busy, setBusy] = useState(false);
  useEffect(
    () =>
      void api.v2.instance.fetch().then(
        (instance) => setRules(instance.rules),
        () => undefined,
      ),
    [],
  );

  const send = async (event: Event): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    try {
      await api.v1.reports.create({
        accountId: account.id,
        category,
        comment,
        ...(status && { statusIds: [status.id] }),
        ...(category === "violation" && { ruleIds: broken }),
      });
      say(m.report.sent);
      close();
    } catch (error) {
      complain(error);
      setBusy(false);
    }
  };
  const categories: Category[] = ["spam", ...(rules.length ? ["violation" as const] : []), "legal", "other"];
  return (
    <Dialog title={m.report.title(nameOf(account))} onClose={close} class="dialog-small">
      <form onSubmit={(event) => void send(event)}>
        <div class="dialog-body form">
          <fieldset class="choices">
            <legend>{m.report.why}</legend>
            {categories.map((each) => (
              <label key={each} class="choice">
                <input type="radio" name="category" checked={category === each} onChange={() => setCategory(each)} />
                <span>{m.report.category[each]}</span>
              </label>
            ))}
          </fieldset>
          {category === "violation" && (
            <fieldset class="choices">
              <legend>{m.report.rules}</legend>
              {rules.map((rule) => (
                <label key={rule.id} class="choice">
                  <input
                    type="checkbox"
                    checked={broken.includes(rule.id)}
                    onChange={(event) =>
                      setBroken(event.currentTarget.checked ? [...broken, rule.id] : broken.filter((id) => id !== rule.id))
                    }
                  />
                  <span>{rule.text}</span>
                </label>
              ))}
            </fieldset>
          )}
          <Field label={m.report.comment} hint={m.report.hint}>
            {(ids) => (
              <textarea {...ids} rows={4} maxLength={1000} value={comment} onInput={(event) => setComment(event.currentTarget.value)} />
            )}
          </Field>
        </div>
        <footer class="dialog-foot">
          <Button kind="plain" onClick={close}>
            {m.common.cancel}
          </Button>
          <Button kind="danger" type="submit" busy={busy}>
            {m.report.send}
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}
