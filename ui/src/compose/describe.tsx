// The words of a picture or film for people who cannot see it, and the spot that stays when it is cropped.
import { useState } from "preact/hooks";
import { api } from "../api/client";
import type { Attachment } from "../api/types";
import { m } from "../i18n";
import { complain } from "../state/notices";
import { Button, Field } from "../parts/basics";
import { Dialog, openDialog } from "../parts/dialog";
import { CaptionFiles } from "./captions";
import type { Attachments, Pending } from "./attachments";

/** The window shows its own copy: what it changes goes to the list at once. */
export function openDescribe(pending: Pending, attachments: Attachments): void {
  openDialog((close) => <Describe pending={pending} attachments={attachments} close={close} />);
}

const LONGEST_DESCRIPTION = 1500;

function Describe({ pending, attachments, close }: { pending: Pending; attachments: Attachments; close: () => void }) {
  const focus = pending.attachment?.meta?.focus;
  const [text, setText] = useState(pending.attachment?.description ?? "");
  const [point, setPoint] = useState({ x: focus?.x ?? 0, y: focus?.y ?? 0 });
  const [busy, setBusy] = useState(false);
  const [now, setNow] = useState(pending.attachment);

  const save = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (!pending.attachment) return;
    setBusy(true);
    try {
      const changes = { description: text.trim(), focus: `${point.x.toFixed(2)},${point.y.toFixed(2)}` };
      attachments.describe(pending.key, (await api.v1.media.$select(pending.attachment.id).update(changes)) as Attachment);
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
    <Dialog title={m.compose.describeAs[pending.kind]} onClose={close}>
      <form onSubmit={(event) => void save(event)}>
        <div class="dialog-body form">
          {pending.kind === "picture" && (
            <>
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
                <img src={pending.attachment?.previewUrl || pending.local} alt="" draggable={false} />
                <span class="focal-point" style={{ left: `${50 + point.x * 50}%`, top: `${50 - point.y * 50}%` }} aria-hidden="true" />
              </div>
              <p class="hint">{m.compose.focalHint}</p>
            </>
          )}
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
          {pending.kind !== "picture" && now && (
            <CaptionFiles
              attachment={now}
              change={(changed) => {
                setNow(changed);
                attachments.describe(pending.key, changed);
              }}
            />
          )}
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
