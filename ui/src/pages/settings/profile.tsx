// Name, words, pictures and fields of one's own profile.
import { useState } from "preact/hooks";
import { api } from "../../api/client";
import type { CredentialAccount } from "../../api/types";
import { m } from "../../i18n";
import { keepAccount } from "../../state/entities";
import { say } from "../../state/notices";
import { me, updateMe } from "../../state/session";
import { Button, Switch } from "../../parts/basics";
import { FormTrouble, TextField, useSubmit } from "../../parts/form";
import { Icon } from "../../parts/icon";
import { SettingsPage } from "./frame";

const FIELDS = 4;
const PICTURES = "image/jpeg,image/png,image/gif,image/webp";

/** Accounts without a picture of their own have the address of a stand-in, or none. */
const hasPicture = (address: string): boolean => address !== "" && !address.includes("missing");

interface PictureProps {
  label: string;
  now: string;
  chosen: File | null;
  choose: (file: File) => void;
  round?: boolean;
}

function PictureField({ label, now, chosen, choose, round = false }: PictureProps) {
  const [local, setLocal] = useState<string | null>(null);
  const pick = (file: File | undefined): void => {
    if (!file) return;
    if (local) URL.revokeObjectURL(local);
    setLocal(URL.createObjectURL(file));
    choose(file);
  };
  return (
    <label class={`picture-field${round ? " picture-round" : ""}`}>
      {(chosen ? local : hasPicture(now)) && <img src={chosen && local ? local : now} alt="" />}
      <span class="picture-hint">
        <Icon name="image" />
        {label}
      </span>
      <input type="file" accept={PICTURES} class="visually-hidden" onChange={(event) => pick(event.currentTarget.files?.[0])} />
    </label>
  );
}

function Form({ account }: { account: CredentialAccount }) {
  const [displayName, setDisplayName] = useState(account.displayName);
  const [note, setNote] = useState(account.source.note);
  const [fields, setFields] = useState(() =>
    Array.from({ length: FIELDS }, (_, index) => ({
      name: account.source.fields[index]?.name ?? "",
      value: account.source.fields[index]?.value ?? "",
    })),
  );
  const [bot, setBot] = useState(account.bot);
  const [avatar, setAvatar] = useState<File | null>(null);
  const [header, setHeader] = useState<File | null>(null);
  const form = useSubmit(async () => {
    const updated = await api.v1.accounts.updateCredentials({
      displayName,
      note,
      bot,
      fieldsAttributes: fields,
      ...(avatar && { avatar }),
      ...(header && { header }),
    });
    updateMe(updated);
    keepAccount(updated);
    say(m.common.saved);
  });
  const setField = (index: number, change: Partial<{ name: string; value: string }>): void =>
    setFields(fields.map((field, at) => (at === index ? { ...field, ...change } : field)));
  return (
    <form class="sheet form" onSubmit={form.submit}>
      <FormTrouble text={form.trouble} />
      <div class="profile-pictures">
        <PictureField label={m.settings.header} now={account.header} chosen={header} choose={setHeader} />
        <PictureField label={m.settings.avatar} now={account.avatar} chosen={avatar} choose={setAvatar} round />
      </div>
      <TextField label={m.settings.displayName} value={displayName} set={setDisplayName} maxLength={30} errors={form.errors.display_name} />
      <TextField
        label={m.settings.note}
        value={note}
        set={setNote}
        rows={4}
        maxLength={500}
        hint={m.settings.noteHint}
        errors={form.errors.note}
      />
      <fieldset class="fields">
        <legend>{m.settings.fields}</legend>
        <p class="hint">{m.settings.fieldsHint}</p>
        {fields.map((field, index) => (
          <div key={index} class="fields-row">
            <input
              type="text"
              value={field.name}
              maxLength={255}
              placeholder={m.settings.fieldName}
              aria-label={`${m.settings.fieldName} ${index + 1}`}
              onInput={(event) => setField(index, { name: event.currentTarget.value })}
            />
            <input
              type="text"
              value={field.value}
              maxLength={255}
              placeholder={m.settings.fieldValue}
              aria-label={`${m.settings.fieldValue} ${index + 1}`}
              onInput={(event) => setField(index, { value: event.currentTarget.value })}
            />
          </div>
        ))}
      </fieldset>
      <Switch label={m.settings.bot} hint={m.settings.botHint} checked={bot} onChange={setBot} />
      <div class="row row-end">
        <Button kind="main" type="submit" busy={form.busy}>
          {m.common.save}
        </Button>
      </div>
    </form>
  );
}

export function ProfileSettings() {
  return <SettingsPage title={m.settings.profile}>{me.value && <Form account={me.value} />}</SettingsPage>;
}
