// Opens the composer. The composer itself is fetched when it is first opened.
import type { Status, Visibility } from "../api/types";
import { lazy } from "./lazy";
import { openDialog } from "./dialog";

export interface ComposeRequest {
  replyTo?: Status;
  edit?: { status: Status; text: string; warning: string };
  text?: string;
  visibility?: Visibility;
}

const Compose = lazy(() => import("../compose/compose"), true);

let isOpen = false;

export function openComposer(request: ComposeRequest = {}): void {
  if (isOpen) return;
  isOpen = true;
  openDialog((close) => (
    <Compose
      request={request}
      close={() => {
        isOpen = false;
        close();
      }}
    />
  ));
}

export const preloadComposer = (): void => Compose.preload();
