// What is attached to a post being written: each file on its way, arrived, being prepared or refused; and their order.
import { useEffect, useRef, useState } from "preact/hooks";
import { explain } from "../api/errors";
import { SUBSCRIBED, subscribe } from "../api/stream";
import type { Attachment } from "../api/types";
import { type Upload, attachmentNow, upload } from "../api/upload";
import { m } from "../i18n";
import { isPlayable, onMedia } from "../state/media";
import { complain } from "../state/notices";

export type MediaKind = "picture" | "film" | "sound";

export interface Pending {
  key: number;
  kind: MediaKind;
  name: string;
  /** What is sent; `null` for what was there before. */
  file: File | null;
  /** Address of the file on this side, for the preview. */
  local: string;
  progress: number;
  /** The connection is lost; it goes on by itself. */
  waiting: boolean;
  attachment: Attachment | null;
  error: string | null;
  running: Upload | null;
}

export const MAX_ATTACHMENTS = 4;
export const ACCEPT = "image/*,video/*,audio/*";
/** Some systems give no type to these. */
const NAMED = /\.(heic|heif|avif|jxl|mkv|mov|m4v|webm|opus|flac|m4a)$/i;
const LOOK_AGAIN = 5000;

let nextKey = 1;

export interface Attachments {
  list: Pending[];
  add(files: Iterable<File>): void;
  retry(key: number): void;
  remove(key: number): void;
  /** To a place in the list, from 0. */
  move(key: number, to: number): void;
  describe(key: number, attachment: Attachment): void;
  ready: boolean;
}

function kindOf(type: string): MediaKind {
  if (type.startsWith("video") || type === "gifv") return "film";
  return type.startsWith("audio") ? "sound" : "picture";
}

const ofBefore = (attachment: Attachment): Pending => ({
  key: nextKey++,
  kind: kindOf(attachment.type),
  name: "",
  file: null,
  local: attachment.previewUrl ?? "",
  progress: 1,
  waiting: false,
  attachment,
  error: null,
  running: null,
});

const isPreparing = ({ attachment }: Pending): boolean => Boolean(attachment?.freehold?.processing);

export function useAttachments(initial: Attachment[]): Attachments {
  const [list, setList] = useState<Pending[]>(() => initial.map(ofBefore));
  const latest = useRef(list);
  const set = (change: (now: Pending[]) => Pending[]): void => {
    latest.current = change(latest.current);
    setList(latest.current);
  };
  const patch = (key: number, change: Partial<Pending>): void =>
    set((now) => now.map((each) => (each.key === key ? { ...each, ...change } : each)));
  const arrived = (key: number, attachment: Attachment): void => patch(key, { attachment, error: attachment.freehold?.error ?? null });

  const lookAgain = (): void => {
    for (const { key, attachment } of latest.current.filter(isPreparing))
      if (attachment)
        attachmentNow(attachment.id).then(
          (now) => arrived(key, now),
          (error: unknown) => patch(key, { attachment: null, error: explain(error) }),
        );
  };
  const preparing = list.some(isPreparing);
  useEffect(() => {
    if (!preparing) return;
    // The stream tells of every step; asking now and then is for when there is no stream.
    const timer = setInterval(lookAgain, LOOK_AGAIN);
    const endSubscribed = subscribe("user", ({ event }) => event === SUBSCRIBED && lookAgain());
    const endNews = onMedia(({ id, processing }) => {
      const found = latest.current.find(({ attachment }) => attachment?.id === id);
      if (!found?.attachment?.freehold) return;
      if (processing) arrived(found.key, { ...found.attachment, freehold: { ...found.attachment.freehold, processing } });
      else lookAgain();
    });
    return () => {
      clearInterval(timer);
      endSubscribed();
      endNews();
    };
  }, [preparing]);
  // Whoever closes the window without sending does not send.
  useEffect(() => () => latest.current.forEach(({ running }) => running?.abort()), []);

  const start = (key: number, file: File): void => {
    const running = upload(file, { progress: (progress) => patch(key, { progress }), waiting: (waiting) => patch(key, { waiting }) });
    patch(key, { running, progress: 0, error: null, waiting: false });
    running.done.then(
      (attachment) => {
        arrived(key, attachment);
        patch(key, { progress: 1, running: null, waiting: false });
      },
      (error: unknown) => patch(key, { error: explain(error), running: null, waiting: false }),
    );
  };
  const add = (files: Iterable<File>): void => {
    for (const file of files) {
      if (latest.current.length >= MAX_ATTACHMENTS) {
        complain(m.compose.tooMany(MAX_ATTACHMENTS));
        return;
      }
      if (!/^(image|video|audio)\//.test(file.type) && !NAMED.test(file.name)) {
        complain(m.compose.notMedia(file.name));
        continue;
      }
      const key = nextKey++;
      const fresh = { key, kind: kindOf(file.type), name: file.name, file, local: URL.createObjectURL(file), progress: 0 };
      set((now) => [...now, { ...fresh, waiting: false, attachment: null, error: null, running: null }]);
      start(key, file);
    }
  };
  const retry = (key: number): void => {
    const failed = latest.current.find((each) => each.key === key);
    if (failed?.file && !failed.running) start(key, failed.file);
  };
  const remove = (key: number): void => {
    const gone = latest.current.find((each) => each.key === key);
    gone?.running?.abort();
    if (gone?.local.startsWith("blob:")) URL.revokeObjectURL(gone.local);
    set((now) => now.filter((each) => each.key !== key));
  };
  const move = (key: number, to: number): void =>
    set((now) => {
      const moved = now.find((each) => each.key === key);
      const others = now.filter((each) => each.key !== key);
      return moved ? [...others.slice(0, to), moved, ...others.slice(to)] : now;
    });
  const describe = (key: number, attachment: Attachment): void => patch(key, { attachment });
  const ready = list.every(({ attachment, error }) => attachment && !error && isPlayable(attachment));
  return { list, add, retry, remove, move, describe, ready };
}
