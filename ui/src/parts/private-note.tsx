// A note about a person that only the reader sees.
import { useState } from "preact/hooks";
import type { Account, Relationship } from "../api/types";
import { m } from "../i18n";
import { saveNote } from "../state/actions";
import { Button } from "./basics";
import { Icon } from "./icon";

export function PrivateNote({ account, relationship }: { account: Account; relationship: Relationship }) {
  const [editing, setEditing] = useState(false);
  const [text, setText] = useState(relationship.note ?? "");
  if (!editing)
    return (
      <button
        type="button"
        class="private-note"
        onClick={() => {
          setText(relationship.note ?? "");
          setEditing(true);
        }}
      >
        <Icon name="edit" />
        <span>{relationship.note || m.profile.addNote}</span>
      </button>
    );
  const save = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (await saveNote(account.id, text.trim())) setEditing(false);
  };
  return (
    <form class="private-note-form" onSubmit={(event) => void save(event)}>
      <textarea
        rows={2}
        maxLength={2000}
        value={text}
        aria-label={m.profile.note}
        placeholder={m.profile.noteHint}
        onInput={(event) => setText(event.currentTarget.value)}
      />
      <div class="row">
        <Button small kind="plain" onClick={() => setEditing(false)}>
          {m.common.cancel}
        </Button>
        <Button small kind="main" type="submit">
          {m.common.save}
        </Button>
      </div>
    </form>
  );
}
