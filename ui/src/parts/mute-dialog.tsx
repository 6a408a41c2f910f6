// For how long, and with or without notifications.
import { useState } from "preact/hooks";
import type { Account } from "../api/types";
import { m } from "../i18n";
import { Button, Field, Switch } from "./basics";
import { Dialog } from "./dialog";
import { nameOf } from "./rich";

const DURATIONS = [0, 3600, 86_400, 604_800, 2_592_000] as const;

interface MuteProps {
  account: Account;
  mute: (id: string, duration: number, notifications: boolean) => Promise<void>;
  close: () => void;
}

export function MuteDialog({ account, mute, close }: MuteProps) {
  const [duration, setDuration] = useState(0);
  const [notifications, setNotifications] = useState(true);
  const go = (): void => {
    void mute(account.id, duration, notifications);
    close();
  };
  return (
    <Dialog title={m.profile.mute(nameOf(account))} onClose={close} class="dialog-small">
      <div class="dialog-body form">
        <p>{m.profile.muteText}</p>
        <Field label={m.profile.muteLength}>
          {(ids) => (
            <select {...ids} value={duration} onChange={(event) => setDuration(Number(event.currentTarget.value))}>
              {DURATIONS.map((seconds) => (
                <option key={seconds} value={seconds}>
                  {seconds === 0 ? m.profile.forEver : m.duration(seconds)}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Switch label={m.profile.muteNotifications} checked={notifications} onChange={setNotifications} />
      </div>
      <footer class="dialog-foot">
        <Button kind="plain" onClick={close}>
          {m.common.cancel}
        </Button>
        <Button kind="main" icon="mute" onClick={go}>
          {m.profile.muteYes}
        </Button>
      </footer>
    </Dialog>
  );
}
