// The composer: a new post, a reply or an edit, kept as a draft until it is sent.
import type { TargetedEvent } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { api } from "../api/client";
import type { Status, Visibility } from "../api/types";
import { m } from "../i18n";
import { keepStatus, patchStatus } from "../state/entities";
import { type Feed, keptFeed } from "../state/feed";
import { justSent } from "../state/feeds";
import { type Draft, dropDraft, loadDraft, saveDraft } from "../state/drafts";
import { complain, say } from "../state/notices";
import { me, site } from "../state/session";
import { navigate } from "../router";
import { Avatar, Button, IconButton } from "../parts/basics";
import type { ComposeRequest } from "../parts/composer";
import { Dialog } from "../parts/dialog";
import { Icon } from "../parts/icon";
import { lazy } from "../parts/lazy";
import { Menu } from "../parts/menu";
import { statusPath, visibilityIcon } from "../parts/post";
import { Name, plainText } from "../parts/rich";
import { AttachmentRow, isReordering } from "./attachment-row";
import { ACCEPT, MAX_ATTACHMENTS, useAttachments } from "./attachments";
import { countCharacters } from "./count";
import { Editor } from "./editor";
import { languages } from "./languages";
import { type PollDraft, PollEditor, newPoll, pollIsReady } from "./poll-editor";

const EmojiPicker = lazy(() => import("./emoji-picker"));
const VISIBILITIES: Visibility[] = ["public", "unlisted", "private", "direct"];

function contextOf({ replyTo, edit }: ComposeRequest): string {
  if (edit) return `edit:${edit.status.id}`;
  return replyTo ? `reply:${replyTo.id}` : "new";
}

/** Who a reply speaks to: its author first, then everyone mentioned, without oneself. */
function mentionsFor(replyTo: Status): string {
  const accts = [replyTo.account.acct, ...replyTo.mentions.map(({ acct }) => acct)];
  return [...new Set(accts)]
    .filter((acct) => acct !== me.value?.acct)
    .map((acct) => `@${acct} `)
    .join("");
}

/** A reply is never more public than what it answers. */
function narrower(a: Visibility, b: Visibility): Visibility {
  return VISIBILITIES.indexOf(a) > VISIBILITIES.indexOf(b) ? a : b;
}

function startOf(request: ComposeRequest, draft: Draft | null): Omit<Draft, "savedAt"> {
  const { replyTo, edit } = request;
  const own = me.value?.source;
  const usual = own?.privacy ?? "public";
  if (draft) return draft;
  if (edit) {
    const { status, text, warning } = edit;
    return { text, warning, warned: warning !== "", visibility: status.visibility, language: status.language ?? null, poll: null };
  }
  const visibility = replyTo ? narrower(usual, replyTo.visibility) : (request.visibility ?? usual);
  const warning = replyTo?.spoilerText ?? "";
  return {
    text: replyTo ? mentionsFor(replyTo) : (request.text ?? ""),
    warning,
    warned: warning !== "",
    visibility,
    language: own?.language ?? null,
    poll: null,
  };
}

export default function Compose({ request, close }: { request: ComposeRequest; close: () => void }) {
  const { replyTo, edit } = request;
  const accountId = me.value?.id ?? "";
  const context = contextOf(request);
  const saved = useMemo(() => (request.text ? null : loadDraft(accountId, context)), []);
  const start = useMemo(() => startOf(request, saved), []);

  const [text, setText] = useState(start.text);
  const [warning, setWarning] = useState(start.warning);
  const [warned, setWarned] = useState(start.warned);
  const [visibility, setVisibility] = useState<Visibility>(start.visibility ?? "public");
  const [language, setLanguage] = useState(start.language ?? document.documentElement.lang);
  const [poll, setPoll] = useState<PollDraft | null>(start.poll);
  const [emojis, setEmojis] = useState(false);
  const [busy, setBusy] = useState(false);
  const [over, setOver] = useState(false);
  const attachments = useAttachments(edit?.status.mediaAttachments ?? []);
  const area = useRef<HTMLTextAreaElement>(null);
  const files = useRef<HTMLInputElement>(null);
  const camera = useRef<HTMLInputElement>(null);
  // One key per composed post: sending twice, after a time-out for instance, makes one post.
  const idempotencyKey = useMemo(() => crypto.randomUUID(), []);
  const sent = useRef(false);

  useEffect(() => {
    const box = area.current;
    box?.focus();
    box?.setSelectionRange(box.value.length, box.value.length);
  }, []);
  // With the drawing, not after it: the very next key may close the window.
  useLayoutEffect(() => {
    if (sent.current) return;
    if (text === start.text && warning === start.warning && poll === start.poll) return;
    saveDraft(accountId, context, { text, warning, warned, visibility, language, poll });
  }, [text, warning, warned, visibility, language, poll]);

  const limit = site.value.maxCharacters;
  const left = limit - countCharacters(text) - (warned ? countCharacters(warning) : 0);
  const hasContent = text.trim() !== "" || attachments.list.length > 0;
  const maySend = hasContent && left >= 0 && !busy && attachments.ready && pollIsReady(poll);

  const send = async (): Promise<void> => {
    if (!maySend) return;
    setBusy(true);
    const media = attachments.list.flatMap(({ attachment }) => attachment ?? []);
    const choices = poll && {
      options: poll.options.map((option) => option.trim()).filter(Boolean),
      expiresIn: poll.expiresIn,
      multiple: poll.multiple,
    };
    const common = { status: text, spoilerText: warned ? warning : "", sensitive: warned && media.length > 0, language };
    const extras = media.length > 0 ? { mediaIds: media.map(({ id }) => id) } : choices ? { poll: choices } : {};
    try {
      if (edit) {
        const mediaAttributes = media.map(({ id, description, meta }) => ({
          id,
          description: description ?? "",
          ...(meta?.focus && { focus: `${meta.focus.x},${meta.focus.y}` }),
        }));
        keepStatus(
          await api.v1.statuses.$select(edit.status.id).update({ ...common, ...extras, ...(media.length && { mediaAttributes }) } as never),
        );
      } else {
        const status = (await api.v1.statuses.create(
          { ...common, ...extras, visibility, ...(replyTo && { inReplyToId: replyTo.id }) } as never,
          { requestInit: { headers: { "Idempotency-Key": idempotencyKey } } } as never,
        )) as unknown as Status;
        arrived(status, replyTo);
      }
      sent.current = true;
      dropDraft(accountId, context);
      close();
    } catch (error) {
      complain(error);
      setBusy(false);
    }
  };

  const insert = (piece: string): void => {
    const box = area.current;
    const at = box?.selectionStart ?? text.length;
    setText(text.slice(0, at) + piece + text.slice(box?.selectionEnd ?? at));
    requestAnimationFrame(() => {
      box?.focus();
      box?.setSelectionRange(at + piece.length, at + piece.length);
    });
  };
  const drop = (event: DragEvent): void => {
    if (isReordering(event)) return;
    event.preventDefault();
    setOver(false);
    attachments.add(event.dataTransfer?.files ?? []);
  };
  const chosen = (event: TargetedEvent<HTMLInputElement>): void => {
    attachments.add([...(event.currentTarget.files ?? [])]);
    event.currentTarget.value = "";
  };
  const full = poll !== null || attachments.list.length >= MAX_ATTACHMENTS;
  const title = edit ? m.compose.editTitle : replyTo ? m.compose.replyTitle : m.compose.newTitle;
  const chosenLanguage = languages().find(({ code }) => code === language);
  return (
    <Dialog title={title} onClose={close} class="compose">
      <form
        class={over ? "compose-form compose-over" : "compose-form"}
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
        onDragOver={(event) => {
          if (isReordering(event)) return;
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <div class="compose-scroll">
          {replyTo && (
            <blockquote class="compose-answer">
              <Avatar account={replyTo.account} size="s" />
              <div>
                <Name account={replyTo.account} />
                <p>{replyTo.spoilerText || plainText(replyTo.content).slice(0, 200)}</p>
              </div>
            </blockquote>
          )}
          {warned && (
            <input
              type="text"
              class="compose-warning"
              value={warning}
              placeholder={m.compose.warning}
              aria-label={m.compose.warning}
              maxLength={limit}
              onInput={(event) => setWarning(event.currentTarget.value)}
            />
          )}
          <Editor
            text={text}
            change={setText}
            area={area}
            placeholder={replyTo ? m.compose.replyPlaceholder : m.compose.placeholder}
            onFiles={attachments.add}
            send={() => void send()}
          />
          <AttachmentRow attachments={attachments} />
          {poll && <PollEditor poll={poll} change={setPoll} />}
          {saved && text === saved.text && (
            <p class="hint compose-draft">
              <Icon name="history" />
              {m.compose.draftRestored}{" "}
              <button
                type="button"
                class="link"
                onClick={() => {
                  dropDraft(accountId, context);
                  setText("");
                  setWarning("");
                  setWarned(false);
                  setPoll(null);
                }}
              >
                {m.compose.discardDraft}
              </button>
            </p>
          )}
        </div>
        {emojis && <EmojiPicker pick={insert} />}
        <div class="compose-bar">
          <input ref={files} type="file" accept={ACCEPT} multiple hidden tabIndex={-1} onChange={chosen} />
          <input ref={camera} type="file" accept="image/*,video/*" capture="environment" hidden tabIndex={-1} onChange={chosen} />
          <IconButton icon="addImage" label={m.compose.addMedia} disabled={full} onClick={() => files.current?.click()} />
          <span class="only-touch">
            <IconButton icon="camera" label={m.compose.takePicture} disabled={full} onClick={() => camera.current?.click()} />
          </span>
          <IconButton
            icon="choices"
            label={poll ? m.compose.removePoll : m.compose.addPoll}
            pressed={poll !== null}
            disabled={attachments.list.length > 0 || edit !== undefined}
            onClick={() => setPoll(poll ? null : newPoll())}
          />
          <IconButton
            icon="warning"
            label={warned ? m.compose.removeWarning : m.compose.addWarning}
            pressed={warned}
            onClick={() => setWarned(!warned)}
          />
          <IconButton icon="smile" label={m.emoji.title} pressed={emojis} onClick={() => setEmojis(!emojis)} />
          <Menu
            label={m.compose.languageIs(chosenLanguage?.name ?? language)}
            class="compose-choice"
            worded
            items={() => languages().map(({ code, name }) => ({ label: name, checked: code === language, run: () => setLanguage(code) }))}
          >
            <span class="compose-language" aria-hidden="true">
              {language}
            </span>
          </Menu>
          <span class={`compose-left${left < 0 ? " compose-over-limit" : ""}`} aria-live={left < 20 ? "polite" : "off"}>
            <span class="visually-hidden">{m.compose.left(left)}</span>
            <span aria-hidden="true">{left}</span>
          </span>
        </div>
        <footer class="compose-foot">
          <Menu
            label={m.compose.visibilityIs(m.visibility[visibility])}
            class="compose-visibility"
            items={() =>
              edit
                ? []
                : VISIBILITIES.map((each) => ({
                    label: m.visibility[each],
                    hint: m.visibilityHint[each],
                    icon: visibilityIcon[each],
                    checked: each === visibility,
                    run: () => setVisibility(each),
                  }))
            }
          >
            <Icon name={visibilityIcon[visibility]} />
            <span>{m.visibility[visibility]}</span>
            {!edit && <Icon name="down" />}
          </Menu>
          <Button kind="main" type="submit" icon="send" busy={busy} disabled={!maySend}>
            {edit ? m.common.save : replyTo ? m.compose.sendReply : m.compose.send}
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}

/** A post just sent is on the screen before the stream tells of it. */
function arrived(status: Status, replyTo: Status | undefined): void {
  keepStatus(status);
  justSent.value = status;
  if (replyTo) patchStatus(replyTo.id, ({ repliesCount }) => ({ repliesCount: repliesCount + 1 }));
  if (status.visibility !== "direct") (keptFeed("home") as Feed<string> | undefined)?.arrive(status.id, false);
  say(m.compose.sent, { label: m.compose.seeIt, run: () => navigate(statusPath(status)) });
}
