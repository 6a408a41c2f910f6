// The pictures of a post being written: progress, description, focal point, order of arrival.
import { useRef, useState } from "preact/hooks";
import { api } from "../api/client";
import { explain } from "../api/errors";
import type { Attachment } from "../api/types";
import { type Upload, upload } from "../api/upload";
import { m } from "../i18n";
import { complain } from "../state/notices";
import { Button, Field, IconButton } from "../parts/basics";
import { Dialog, openDialog } from "../parts/dialog";
import { Icon } from "../parts/icon";

export interface Pending {
  key: number;
  /** Address of the picture on this side, for the preview. */
  local: string;
  progress: number;
  attachment: Attachment | null;
  error: string | null;
  running: Upload | null;
}

export const MAX_PICTURES = 4;
const TYPES = ["image/jpeg", "image/png", "image/gif", "image/webp", "image/avif", "image/heic"];
export const ACCEPT = TYPES.join(",");

let nextKey = 1;

export interface Attachments {
  list: Pending[];
  add(files: Iterable<File>): void;
  remove(key: number): void;
  describe(key: number, attachment: Attachment): void;
  ready: boolean;
}

export function useAttachments(initial: Attachment[]): Attachments {
  const [list, setList] = useState<Pending[]>(() =>
    initial.map((attachment) => ({ key: nextKey++, local: attachment.previewUrl, progress: 1, attachment, error: null, running: null })),
  );
  const latest = useRef(list);
  const set = (change: (now: Pending[]) => Pending[]): void => {
    latest.current = change(latest.current);
    setList(latest.current);
  };
  const patch = (key: number, change: Partial<Pending>): void =>
    set((now) => now.map((each) => (each.key === key ? { ...each, ...change } : each)));

  const add = (files: Iterable<File>): void => {
    for (const file of files) {
      if (latest.current.length >= MAX_PICTURES) {
        complain(m.compose.tooManyPictures(MAX_PICTURES));
        return;
      }
      if (!TYPES.includes(file.type)) {
        complain(m.compose.notAPicture(file.name));
        continue;
      }
      const key = nextKey++;
      const running = upload(file, (progress) => patch(key, { progress }));
      set((now) => [...now, { key, local: URL.createObjectURL(file), progress: 0, attachment: null, error: null, running }]);
      running.done.then(
        (attachment) => patch(key, { attachment, progress: 1, running: null }),
        (error: unknown) => patch(key, { error: explain(error), running: null }),
      );
    }
  };
  const remove = (key: number): void => {
    const gone = latest.current.find((each) => each.key === key);
    gone?.running?.abort();
    if (gone?.local.startsWith("blob:")) URL.revokeObjectURL(gone.local);
    set((now) => now.filter((each) => each.key !== key));
  };
  const describe = (key: number, attachment: Attachment): void => patch(key, { attachment });
  return { list, add, remove, describe, ready: list.every((each) => each.attachment) };
}

export function AttachmentRow({ attachments }: { attachments: Attachments }) {
  if (attachments.list.length === 0) return null;
  return (
    <ul class="attachments" aria-label={m.compose.pictures}>
      {attachments.list.map((pending) => (
        <li key={pending.key} class={`attachment${pending.error ? " attachment-failed" : ""}`}>
          <img src={pending.local} alt={pending.attachment?.description ?? ""} />
          <span class="attachment-remove">
            <IconButton icon="close" label={m.compose.removePicture} onClick={() => attachments.remove(pending.key)} />
          </span>
          {pending.running && <progress max={1} value={pending.progress} aria-label={m.compose.uploading} />}
          {pending.error && (
            <p class="attachment-error" role="alert">
              <Icon name="alert" />
              {pending.error}
            </p>
          )}
          {pending.attachment && (
            <button
              type="button"
              class={`attachment-alt${pending.attachment.description ? " has-alt" : ""}`}
              onClick={() => openDescribe(pending, attachments)}
            >
              {pending.attachment.description ? (
                <>
                  <Icon name="check" />
                  ALT
                </>
              ) : (
                <>
                  <Icon name="plus" />
                  ALT
                </>
              )}
              <span class="visually-hidden">{m.compose.describe}</span>
            </button>
          )}
        </li>
      ))}
    </ul>
  );
}

function openDescribe(pending: Pending, attachments: Attachments): void {
  openDialog((close) => <Describe pending={pending} attachments={attachments} close={close} />);
}

const LONGEST_DESCRIPTION = 1500;

function Describe({ pending, attachments, close }: { pending: Pending; attachments: Attachments; close: () => void }) {
  const focus = pending.attachment?.meta?.focus;
  const [text, setText] = useState(pending.attachment?.description ?? "");
  const [point, setPoint] = useState({ x: focus?.x ?? 0, y: focus?.y ?? 0 });
  const [busy, setBusy] = useState(false);

  const save = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (!pending.attachment) return;
    setBusy(true);
    try {
      const changes = { description: text.trim(), focus: `${point.x.toFixed(2)},${point.y.toFixed(2)}` };
      attachments.describe(pending.key, await api.v1.media.$select(pending.attachment.id).update(changes));
      close();
    } catch (error) {
      complain(error);
      setBusy(false);
    }
  };
  const clamp = (value: number): number => Math.min(1, Math.max(-1, value));
  const place = (event: PointerEvent): void => {
    if (event.type === "pointermove" && event.buttons === 0) return;
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    setPoint({ x: clamp(((event.clientX - box.left) / box.width) * 2 - 1), y: clamp(1 - ((event.clientY - box.top) / box.height) * 2) });
  };
  const nudge = (event: KeyboardEvent): void => {
    const steps: Record<string, [number, number]> = { ArrowLeft: [-0.1, 0], ArrowRight: [0.1, 0], ArrowUp: [0, 0.1], ArrowDown: [0, -0.1] };
    const step = steps[event.key];
    if (!step) return;
    event.preventDefault();
    setPoint({ x: clamp(point.x + step[0]), y: clamp(point.y + step[1]) });
  };
  return (
    <Dialog title={m.compose.describe} onClose={close}>
      <form onSubmit={(event) => void save(event)}>
        <div class="dialog-body form">
          <div
            class="focal"
            role="slider"
            tabIndex={0}
            aria-label={m.compose.focal}
            aria-valuetext={`${Math.round(point.x * 100)}, ${Math.round(point.y * 100)}`}
            aria-valuenow={Math.round(point.x * 100)}
            aria-valuemin={-100}
            aria-valuemax={100}
            onPointerDown={place}
            onPointerMove={place}
            onKeyDown={nudge}
          >
            <img src={pending.local} alt="" draggable={false} />
            <span class="focal-point" style={{ left: `${50 + point.x * 50}%`, top: `${50 - point.y * 50}%` }} aria-hidden="true" />
          </div>
          <p class="hint">{m.compose.focalHint}</p>
          <Field label={m.compose.altLabel} hint={m.compose.altHint}>
            {(ids) => (
              <textarea
                {...ids}
                rows={4}
                maxLength={LONGEST_DESCRIPTION}
                value={text}
                onInput={(event) => setText(event.currentTarget.value)}
              />
            )}
          </Field>
        </div>
        <footer class="dialog-foot">
          <Button kind="plain" onClick={close}>
            {m.common.cancel}
          </Button>
          <Button kind="main" type="submit" busy={busy}>
            {m.common.save}
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}
