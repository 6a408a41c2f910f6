// Bringing posts and lists from elsewhere, and taking one's own along.
import { useEffect, useState } from "preact/hooks";
import { archiveAddress, freehold, listAddress } from "../../api/freehold";
import type { Transfer } from "../../api/types";
import { bytes, fullDate, m } from "../../i18n";
import { complain } from "../../state/notices";
import { Button, Empty, Field, IconButton } from "../../parts/basics";
import { FormTrouble, useSubmit } from "../../parts/form";
import { Load, useLoad } from "../../parts/load";
import { SettingsPage } from "./frame";

const KINDS = ["mastodon", "x", "bluesky", "diaspora", "follows", "blocks", "mutes", "lists", "bookmarks"] as const;
const ARCHIVES = ["archive", "account"] as const;
const LISTS = ["following_accounts", "blocked_accounts", "muted_accounts", "lists", "bookmarks"] as const;
const LOOK_MS = 1000;

const isUnderWay = ({ state }: Transfer): boolean => state === "waiting" || state === "working";
const nameOf = (kind: string): string => m.transfers.kinds[kind as keyof typeof m.transfers.kinds] ?? kind;

function ExportForm({ begun }: { begun: () => void }) {
  const [kind, setKind] = useState<string>("archive");
  const form = useSubmit(async () => {
    await freehold.makeArchive(kind);
    begun();
  });
  return (
    <form class="sheet form" onSubmit={form.submit}>
      <h2>{m.transfers.takeTitle}</h2>
      <p>{m.transfers.takeText}</p>
      <FormTrouble text={form.trouble} />
      <Field label={m.transfers.form}>
        {(ids) => (
          <select {...ids} value={kind} onChange={(event) => setKind(event.currentTarget.value)}>
            {ARCHIVES.map((each) => (
              <option key={each} value={each}>
                {m.transfers.forms[each]}
              </option>
            ))}
          </select>
        )}
      </Field>
      <div class="row row-end">
        <Button kind="main" type="submit" busy={form.busy}>
          {m.transfers.makeArchive}
        </Button>
      </div>
      <p class="hint">{m.transfers.listsText}</p>
      <ul class="transfer-lists">
        {LISTS.map((name) => (
          <li key={name}>
            <a href={listAddress(`${name}.csv`)} download={`${name}.csv`}>
              {m.transfers.lists[name]}
            </a>
          </li>
        ))}
      </ul>
    </form>
  );
}

function ImportForm({ begun }: { begun: () => void }) {
  const [kind, setKind] = useState<string>("mastodon");
  const [file, setFile] = useState<File | null>(null);
  const form = useSubmit(async () => {
    if (!file) return;
    await freehold.bring(kind, file);
    begun();
  });
  return (
    <form class="sheet form" onSubmit={form.submit}>
      <h2>{m.transfers.bringTitle}</h2>
      <p>{m.transfers.bringText}</p>
      <FormTrouble text={form.trouble} />
      <Field label={m.transfers.what}>
        {(ids) => (
          <select {...ids} value={kind} onChange={(event) => setKind(event.currentTarget.value)}>
            {KINDS.map((each) => (
              <option key={each} value={each}>
                {nameOf(each)}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field label={m.transfers.file}>
        {(ids) => <input {...ids} type="file" required onChange={(event) => setFile(event.currentTarget.files?.[0] ?? null)} />}
      </Field>
      <div class="row row-end">
        <Button kind="main" type="submit" busy={form.busy} disabled={!file}>
          {m.transfers.bring}
        </Button>
      </div>
    </form>
  );
}

function Report({ id }: { id: string }) {
  const whole = useLoad<Transfer>(() => freehold.transfer(id), [id]);
  return (
    <Load from={whole}>
      {({ report }) => (
        <ol class="transfer-report">
          {(report ?? []).map(({ line, text }, at) => (
            <li key={at}>{m.transfers.line(line, text)}</li>
          ))}
        </ol>
      )}
    </Load>
  );
}

function Row({ transfer, forget }: { transfer: Transfer; forget: () => void }) {
  const { id, kind, state, direction, percent, taken, known, refused, error } = transfer;
  const [open, setOpen] = useState(false);
  const done = direction === "export" ? m.transfers.until(fullDate(transfer.expiresAt)) : m.transfers.counts(taken, known, refused);
  return (
    <li class="row-item">
      <span class="row-words">
        <strong>{nameOf(kind)}</strong>
        {isUnderWay(transfer) ? (
          <progress max={100} value={percent} aria-label={m.transfers.states[state]} />
        ) : (
          <small>{error ?? done}</small>
        )}
        {direction === "export" && state === "done" && (
          <a href={archiveAddress(id)} download>
            {m.transfers.download(bytes(transfer.size ?? 0))}
          </a>
        )}
        {refused > 0 && !isUnderWay(transfer) && (
          <Button small onClick={() => setOpen(!open)} pressed={open}>
            {m.transfers.report}
          </Button>
        )}
        {open && <Report id={id} />}
      </span>
      <IconButton icon="trash" label={m.transfers.forget} onClick={forget} />
    </li>
  );
}

export function TransferSettings() {
  const transfers = useLoad<Transfer[]>(() => freehold.transfers(), []);
  const busy = transfers.value?.some(isUnderWay) ?? false;
  useEffect(() => {
    if (!busy) return;
    const timer = setInterval(transfers.reload, LOOK_MS);
    return () => clearInterval(timer);
  }, [busy]);
  const forget = async (id: string): Promise<void> => {
    try {
      await freehold.forgetTransfer(id);
      transfers.reload();
    } catch (error) {
      complain(error);
    }
  };
  return (
    <SettingsPage title={m.transfers.title}>
      <ExportForm begun={transfers.reload} />
      <ImportForm begun={transfers.reload} />
      <Load from={transfers}>
        {(rows) =>
          rows.length === 0 ? (
            <Empty icon="history" title={m.transfers.none} />
          ) : (
            <ul class="sheet rows">
              {rows.map((transfer) => (
                <Row key={transfer.id} transfer={transfer} forget={() => forget(transfer.id)} />
              ))}
            </ul>
          )
        }
      </Load>
    </SettingsPage>
  );
}
