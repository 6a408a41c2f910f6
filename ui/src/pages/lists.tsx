// One's lists, and who is on them.
import { useState } from "preact/hooks";
import { api } from "../api/client";
import type { Account, List } from "../api/types";
import { m } from "../i18n";
import { navigate } from "../router";
import { complain, say } from "../state/notices";
import { Button, Empty, Field, Switch } from "../parts/basics";
import { ask } from "../parts/dialog";
import { TextField, useSubmit, FormTrouble } from "../parts/form";
import { Icon } from "../parts/icon";
import { Load, useLoad } from "../parts/load";
import { Page } from "../parts/page";
import { Person } from "../parts/people";

export function Lists() {
  const lists = useLoad<List[]>(() => api.v1.lists.list(), []);
  const [title, setTitle] = useState("");
  const form = useSubmit(async () => {
    const list = await api.v1.lists.create({ title: title.trim() });
    navigate(`/lists/${list.id}/edit`);
  });
  return (
    <Page title={m.nav.lists}>
      <form class="inline-form sheet" onSubmit={form.submit}>
        <input
          type="text"
          value={title}
          placeholder={m.lists.newTitle}
          aria-label={m.lists.newTitle}
          required
          maxLength={100}
          onInput={(event) => setTitle(event.currentTarget.value)}
        />
        <Button kind="main" type="submit" icon="plus" busy={form.busy} disabled={!title.trim()}>
          {m.lists.create}
        </Button>
      </form>
      <FormTrouble text={form.trouble} />
      <Load from={lists}>
        {(found) =>
          found.length === 0 ? (
            <Empty icon="list" title={m.lists.none}>
              {m.lists.noneText}
            </Empty>
          ) : (
            <ul class="sheet rows">
              {found.map((list) => (
                <li key={list.id}>
                  <a class="row-link" href={`/lists/${list.id}`}>
                    <Icon name="list" />
                    <span>{list.title}</span>
                  </a>
                  <a class="button button-plain button-small" href={`/lists/${list.id}/edit`}>
                    {m.lists.manage}
                  </a>
                </li>
              ))}
            </ul>
          )
        }
      </Load>
    </Page>
  );
}

export function ListEdit({ id }: { id: string }) {
  const list = useLoad<List>(() => api.v1.lists.$select(id).fetch(), [id]);
  return (
    <Page title={list.value?.title ?? m.lists.manage} back={`/lists/${id}`}>
      <Load from={list}>
        {(found) => (
          <>
            <Settings list={found} />
            <Members id={id} />
          </>
        )}
      </Load>
    </Page>
  );
}

function Settings({ list }: { list: List }) {
  const [title, setTitle] = useState(list.title);
  const [replies, setReplies] = useState<List["repliesPolicy"]>(list.repliesPolicy);
  const [exclusive, setExclusive] = useState(list.exclusive);
  const form = useSubmit(async () => {
    await api.v1.lists.$select(list.id).update({ title: title.trim(), exclusive, repliesPolicy: replies } as never);
    say(m.common.saved);
  });
  const remove = async (): Promise<void> => {
    try {
      await api.v1.lists.$select(list.id).remove();
      navigate("/lists", { replace: true });
    } catch (error) {
      complain(error);
    }
  };
  return (
    <form class="sheet form" onSubmit={form.submit}>
      <FormTrouble text={form.trouble} />
      <TextField label={m.lists.title} value={title} set={setTitle} required maxLength={100} />
      <Field label={m.lists.replies}>
        {(ids) => (
          <select {...ids} value={replies} onChange={(event) => setReplies(event.currentTarget.value as List["repliesPolicy"])}>
            {(["none", "list", "followed"] as const).map((policy) => (
              <option key={policy} value={policy}>
                {m.lists.policies[policy]}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Switch label={m.lists.exclusive} hint={m.lists.exclusiveHint} checked={exclusive} onChange={setExclusive} />
      <div class="row row-between">
        <Button
          kind="danger"
          icon="trash"
          onClick={() =>
            ask({ title: m.lists.deleteTitle(list.title), text: m.lists.deleteText, yes: m.common.delete, danger: true, run: remove })
          }
        >
          {m.common.delete}
        </Button>
        <Button kind="main" type="submit" busy={form.busy}>
          {m.common.save}
        </Button>
      </div>
    </form>
  );
}

function Members({ id }: { id: string }) {
  const members = useLoad<Account[]>(() => api.v1.lists.$select(id).accounts.list({ limit: 80 }), [id]);
  const [query, setQuery] = useState("");
  const found = useLoad<Account[]>(
    async () => (query.trim().length < 2 ? [] : api.v1.accounts.search.list({ q: query.trim(), following: true, limit: 8 })),
    [query],
  );
  const change = async (account: Account, put: boolean): Promise<void> => {
    const people = api.v1.lists.$select(id).accounts;
    try {
      await (put ? people.create({ accountIds: [account.id] }) : people.remove({ accountIds: [account.id] }));
      members.reload();
    } catch (error) {
      complain(error);
    }
  };
  const inside = new Set(members.value?.map((account) => account.id));
  return (
    <section class="sheet form">
      <h2>{m.lists.members}</h2>
      <input
        type="search"
        value={query}
        placeholder={m.lists.search}
        aria-label={m.lists.search}
        onInput={(event) => setQuery(event.currentTarget.value)}
      />
      {found.value
        ?.filter((account) => !inside.has(account.id))
        .map((account) => (
          <Person key={account.id} account={account}>
            <Button small icon="plus" onClick={() => change(account, true)}>
              {m.lists.add}
            </Button>
          </Person>
        ))}
      <Load from={members}>
        {(people) =>
          people.length === 0 ? (
            <p class="hint">{m.lists.noMembers}</p>
          ) : (
            <>
              {people.map((account) => (
                <Person key={account.id} account={account}>
                  <Button small kind="plain" onClick={() => change(account, false)}>
                    {m.lists.remove}
                  </Button>
                </Person>
              ))}
            </>
          )
        }
      </Load>
    </section>
  );
}
