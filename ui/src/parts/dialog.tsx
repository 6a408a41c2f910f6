// Modal windows on the platform's own <dialog>: it keeps the focus inside and gives it back.
import { signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { m } from "../i18n";
import { Button, IconButton } from "./basics";

interface DialogProps {
  title: string;
  onClose: () => void;
  children: ComponentChildren;
  class?: string;
  /** Asked before Escape, the backdrop or the cross close it. */
  mayClose?: () => boolean;
}

export function Dialog({ title, onClose, children, class: name = "", mayClose = () => true }: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const before = document.activeElement as HTMLElement | null;
    ref.current?.showModal();
    return () => before?.focus?.({ preventScroll: true });
  }, []);
  const leave = (): void => {
    if (mayClose()) onClose();
  };
  return (
    <dialog
      ref={ref}
      class={`dialog ${name}`}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        leave();
      }}
      onPointerDown={(event) => event.target === ref.current && leave()}
    >
      <div class="dialog-inside">
        <header class="dialog-head">
          <h2 id={id}>{title}</h2>
          <IconButton icon="close" label={m.common.close} onClick={leave} />
        </header>
        {children}
      </div>
    </dialog>
  );
}

/** The windows open now, topmost last; any part of the program opens one with `openDialog`. */
const open = signal<{ id: number; draw: (close: () => void) => ComponentChildren }[]>([]);
let last = 0;

export function openDialog(draw: (close: () => void) => ComponentChildren): void {
  open.value = [...open.value, { id: ++last, draw }];
}

export function Dialogs() {
  return (
    <>
      {open.value.map(({ id, draw }) => (
        <Slot key={id} draw={() => draw(() => (open.value = open.value.filter((each) => each.id !== id)))} />
      ))}
    </>
  );
}

const Slot = ({ draw }: { draw: () => ComponentChildren }) => <>{draw()}</>;

interface Question {
  title: string;
  text: ComponentChildren;
  yes: string;
  danger?: boolean;
  run: () => unknown;
}

export function ask({ title, text, yes, danger = false, run }: Question): void {
  openDialog((close) => <Ask title={title} text={text} yes={yes} danger={danger} run={run} close={close} />);
}

function Ask({ title, text, yes, danger, run, close }: Question & { close: () => void }) {
  const [busy, setBusy] = useState(false);
  const go = async (): Promise<void> => {
    setBusy(true);
    await run();
    close();
  };
  return (
    <Dialog title={title} onClose={close} class="dialog-small">
      <div class="dialog-body">
        <div>{text}</div>
      </div>
      <footer class="dialog-foot">
        <Button kind="plain" onClick={close}>
          {m.common.cancel}
        </Button>
        <Button kind={danger ? "danger" : "main"} busy={busy} onClick={go}>
          {yes}
        </Button>
      </footer>
    </Dialog>
  );
}
