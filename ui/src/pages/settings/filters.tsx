// Words one does not want to read: filters with keywords, places and an end.
import { useState } from "preact/hooks";
import { api } from "../../api/client";
import type { Filter, FilterContext } from "../../api/types";
import { m, timeLeft } from "../../i18n";
import { navigate } from "../../router";
import { complain } from "../../state/notices";
import { forgetFeeds } from "../../state/feed";
import { Button, Empty, Field, IconButton, Switch } from "../../parts/basics";
import { FormTrouble, TextField, useSubmit } from "../../parts/form";
import { Icon } from "../../parts/icon";
import { Load, useLoad } from "../../parts/load";
import { SettingsPage } from "./frame";

const CONTEXTS: FilterContext[] = ["home", "notifications", "public", "thread", "account"];
const LIFETIMES = [1800, 3600, 21_600, 43_200, 86_400, 604_800] as const;

export function Filters() {
  const filters = useLoad<Filter[]>(() => api.v2.filters.list(), []);
  const remove = async (id: string): Promise<void> => {
    try {
      await api.v2.filters.$select(id).remove();
      forgetFeeds();
      filters.reload();
    } catch (error) {
      complain(error);
    }
  };
  return (
    <SettingsPage title={m.settings.filters}>
      <p class="row row-end">
        <a class="button button-main" href="/settings/filters/new">
          <Icon name="plus" />
          <span>{m.filters.create}</span>
        </a>
      </p>
      <Load from={filters}>
        {(found) =>
          found.length === 0 ? (
            <Empty icon="filter" title={m.filters.none}>
              {m.filters.noneText}
            </Empty>
          ) : (
            <ul class="sheet rows">
              {found.map((filter) => (
                <li key={filter.id} class="row-item">
                  <a class="row-words" href={`/settings/filters/${filter.id}`}>
                    <strong>{filter.title}</strong>
                    <small>{filter.keywords.map(({ keyword }) => keyword).join(", ")}</small>
                    <small>
                      {filter.context.map((each) => m.filters.contexts[each as FilterContext]).join(" · ")}
                      {filter.expiresAt && ` · ${m.settings.expires(timeLeft(filter.expiresAt))}`}
                    </small>
                  </a>
                  <IconButton icon="trash" label={m.filters.delete(filter.title)} onClick={() => remove(filter.id)} />
                </li>
              ))}
            </ul>
          )
        }
      </Load>
    </SettingsPage>
  );
}

interface Word {
  id?: string;
  keyword: string;
  wholeWord: boolean;
  _destroy?: boolean;
}

function Form({ filter }: { filter: Filter | null }) {
  const [title, setTitle] = useState(filter?.title ?? "");
  const [context, setContext] = useState<FilterContext[]>((filter?.context as FilterContext[] | undefined) ?? ["home", "public"]);
  const [action, setAction] = useState(filter?.filterAction ?? "warn");
  const [expires, setExpires] = useState(filter?.expiresAt ? "keep" : "");
  const [words, setWords] = useState<Word[]>(
    filter?.keywords.length
      ? filter.keywords.map(({ id, keyword, wholeWord }) => ({ id, keyword, wholeWord }))
      : [{ keyword: "", wholeWord: true }],
  );
  const form = useSubmit(async () => {
    const keywordsAttributes = words.filter((word) => word.keyword.trim() || word._destroy);
    const common = {
      title: title.trim(),
      context,
      filterAction: action,
      keywordsAttributes,
      ...(expires !== "keep" && { expiresIn: expires ? Number(expires) : null }),
    };
    await (filter ? api.v2.filters.$select(filter.id).update(common) : api.v2.filters.create(common));
    forgetFeeds();
    navigate("/settings/filters");
  });
  const change = (index: number, next: Partial<Word>): void =>
    setWords(words.map((word, at) => (at === index ? { ...word, ...next } : word)));
  const drop = (index: number): void =>
    setWords(
      words[index]?.id
        ? words.map((word, at) => (at === index ? { ...word, _destroy: true } : word))
        : words.filter((_, at) => at !== index),
    );
  const ready = title.trim() !== "" && context.length > 0 && words.some((word) => word.keyword.trim() && !word._destroy);
  return (
    <form class="sheet form" onSubmit={form.submit}>
      <FormTrouble text={form.trouble} />
      <TextField label={m.filters.title} value={title} set={setTitle} required maxLength={100} />
      <fieldset class="fields">
        <legend>{m.filters.words}</legend>
        {words.map(
          (word, index) =>
            !word._destroy && (
              <div key={word.id ?? `new-${index}`} class="fields-row">
                <input
                  type="text"
                  value={word.keyword}
                  aria-label={m.filters.word}
                  placeholder={m.filters.word}
                  onInput={(event) => change(index, { keyword: event.currentTarget.value })}
                />
                <label class="check">
                  <input
                    type="checkbox"
                    checked={word.wholeWord}
                    onChange={(event) => change(index, { wholeWord: event.currentTarget.checked })}
                  />
                  <span>{m.filters.whole}</span>
                </label>
                <IconButton icon="close" label={m.filters.removeWord} onClick={() => drop(index)} />
              </div>
            ),
        )}
        <Button small icon="plus" onClick={() => setWords([...words, { keyword: "", wholeWord: true }])}>
          {m.filters.addWord}
        </Button>
      </fieldset>
      <fieldset class="choices">
        <legend>{m.filters.where}</legend>
        {CONTEXTS.map((each) => (
          <label key={each} class="choice">
            <input
              type="checkbox"
              checked={context.includes(each)}
              onChange={(event) => setContext(event.currentTarget.checked ? [...context, each] : context.filter((other) => other !== each))}
            />
            <span>{m.filters.contexts[each]}</span>
          </label>
        ))}
      </fieldset>
      <Switch
        label={m.filters.hide}
        hint={m.filters.hideHint}
        checked={action === "hide"}
        onChange={(hide) => setAction(hide ? "hide" : "warn")}
      />
      <Field label={m.filters.expires}>
        {(ids) => (
          <select {...ids} value={expires} onChange={(event) => setExpires(event.currentTarget.value)}>
            {filter?.expiresAt && <option value="keep">{timeLeft(filter.expiresAt)}</option>}
            <option value="">{m.filters.never}</option>
            {LIFETIMES.map((each) => (
              <option key={each} value={each}>
                {m.duration(each)}
              </option>
            ))}
          </select>
        )}
      </Field>
      <div class="row row-end">
        <Button kind="main" type="submit" busy={form.busy} disabled={!ready}>
          {m.common.save}
        </Button>
      </div>
    </form>
  );
}

export function FilterEdit({ id }: { id: string }) {
  const isNew = id === "new";
  const filter = useLoad<Filter | "new">(async () => (isNew ? "new" : api.v2.filters.$select(id).fetch()), [id]);
  return (
    <SettingsPage title={isNew ? m.filters.create : m.filters.edit}>
      <Load from={filter}>{(found) => <Form filter={found === "new" ? null : found} />}</Load>
    </SettingsPage>
  );
}
