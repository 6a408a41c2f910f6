// Which of my lists hold this person.
import { useState } from "preact/hooks";
import { api } from "../api/client";
import type { Account, List } from "../api/types";
import { m } from "../i18n";
import { complain } from "../state/notices";
import { Button, Switch } from "./basics";
import { Dialog } from "./dialog";
import { Load, useLoad } from "./load";
import { nameOf } from "./rich";

interface Choice {
  lists: List[];
  on: Set<string>;
}

export function ListPicker({ account, close }: { account: Account; close: () => void }) {
  const [title, setTitle] = useState("");
  const loaded = useLoad<Choice>(async () => {
    const [lists, of] = await Promise.all([api.v1.lists.list(), api.v1.accounts.$select(account.id).lists.list()]);
    return { lists, on: new Set(of.map(({ id }) => id)) };
  }, [account.id]);
  const toggle = async (list: List, put: boolean): Promise<void> => {
    const members = api.v1.lists.$select(list.id).accounts;
    try {
      await (put ? members.create({ accountIds: [account.id] }) : members.remove({ accountIds: [account.id] }));
    } catch (error) {
      complain(error);
    }
    loaded.reload();
  };
  const create = async (event: Event): Promise<void> => {
    event.preventDefault();
    try {
      const list = await api.v1.lists.create({ title: title.trim() });
      setTitle("");
      await toggle(list, true);
    } catch (error) {
      complain(error);
    }
  };
  return (
    <Dialog title={m.lists.pick(nameOf(account))} onClose={close} class="dialog-small">
      <div class="dialog-body form">
        <Load from={loaded}>
          {({ lists, on }) => (
            <>
              {lists.map((list) => (
                <Switch key={list.id} label={list.title} checked={on.has(list.id)} onChange={(put) => void toggle(list, put)} />
              ))}
              {lists.length === 0 && <p class="hint">{m.lists.none}</p>}
            </>
          )}
        </Load>
        <form class="inline-form" onSubmit={(event) => void create(event)}>
          <input
            type="text"
            value={title}
            placeholder={m.lists.newTitle}
            aria-label={m.lists.newTitle}
            onInput={(event) => setTitle(event.currentTarget.value)}
          />
          <Button type="submit" icon="plus" disabled={!title.trim()}>
            {m.lists.create}
          </Button>
        </form>
      </div>
    </Dialog>
  );
}
