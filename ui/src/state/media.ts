// Films that are being prepared: what the reader's own stream tells of them, and who wants to know.
import type { Attachment, Processing } from "../api/types";
import { attachmentNow } from "../api/upload";
import { patchAttachment } from "./entities";

export interface MediaNews {
  id: string;
  processing: Processing | null;
  error: string | null;
}

const listeners = new Set<(news: MediaNews) => void>();

export function onMedia(listener: (news: MediaNews) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** It can be watched, if not yet in every size. */
export const isPlayable = ({ type, url, freehold }: Attachment): boolean =>
  type === "image" || Boolean(freehold?.hls ?? url) || (Boolean(url) && !freehold?.processing);

/** An event of the reader's own stream. */
export async function takeMedia(news: MediaNews): Promise<void> {
  for (const listener of listeners) listener(news);
  // A post on the screen has it perhaps.
  if (!news.processing) patchAttachment(news.id, await attachmentNow(news.id));
}
