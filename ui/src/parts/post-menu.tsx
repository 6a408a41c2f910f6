// Everything else that can be done with a post, behind its three dots.
import { api } from "../api/client";
import type { Status } from "../api/types";
import { m } from "../i18n";
import { place, navigate } from "../router";
import { block, deleteStatus, mute, toggleBookmark, togglePin, toggleThreadMute } from "../state/actions";
import { complain, say } from "../state/notices";
import { mayModerate, me, site } from "../state/session";
import { Button, profilePath } from "./basics";
import { openComposer } from "./composer";
import { Dialog, ask, openDialog } from "./dialog";
import { Icon } from "./icon";
import { Menu, type MenuItem } from "./menu";
import { part } from "./lazy";
import { nameOf } from "./rich";

const Report = part(() => import("./extras"), "Report", true);

/** What a visitor without an account sees instead of the act itself. */
export function askToJoin(): void {
  openDialog((close) => (
    <Dialog title={m.join.title(site.value.title)} onClose={close} class="dialog-small">
      <div class="dialog-body">
        <p>{m.join.text}</p>
      </div>
      <footer class="dialog-foot">
        <Button
          kind="plain"
          onClick={() => {
            close();
            navigate("/login");
          }}
        >
          {m.auth.logIn}
        </Button>
        {site.value.registrations !== "closed" && (
          <Button
            kind="main"
            onClick={() => {
              close();
              navigate("/signup");
            }}
          >
            {m.auth.signUp}
          </Button>
        )}
      </footer>
    </Dialog>
  ));
}

async function copyLink(status: Status): Promise<void> {
  await navigator.clipboard.writeText(status.url ?? `${location.origin}${profilePath(status.account)}/${status.id}`);
  say(m.post.linkCopied);
}

async function edit(status: Status): Promise<void> {
  try {
    const source = await api.v1.statuses.$select(status.id).source.fetch();
    openComposer({ edit: { status, text: source.text, warning: source.spoilerText } });
  } catch (error) {
    complain(error);
  }
}

function remove(status: Status): void {
  ask({
    title: m.post.deleteTitle,
    text: m.post.deleteText,
    yes: m.common.delete,
    danger: true,
    run: async () => {
      if ((await deleteStatus(status.id)) && place.value.path.endsWith(`/${status.id}`)) navigate("/home", { replace: true });
    },
  });
}

export function PostMenu({ status }: { status: Status }) {
  const items = (): (MenuItem | false)[] => {
    const mine = status.account.id === me.value?.id;
    const name = nameOf(status.account);
    return [
      me.value !== null && {
        label: status.bookmarked ? m.post.unbookmark : m.post.bookmark,
        icon: "bookmark",
        run: () => toggleBookmark(status),
      },
      { label: m.post.copyLink, icon: "copy", run: () => copyLink(status) },
      me.value !== null && {
        label: status.muted ? m.post.unmuteThread : m.post.muteThread,
        icon: status.muted ? "unmute" : "mute",
        run: () => toggleThreadMute(status),
      },
      mine &&
        status.visibility !== "direct" && { label: status.pinned ? m.post.unpin : m.post.pin, icon: "pin", run: () => togglePin(status) },
      mine && { label: m.post.edit, icon: "edit", run: () => edit(status) },
      mine && { label: m.post.delete, icon: "trash", danger: true, run: () => remove(status) },
      me.value !== null && !mine && { label: m.profile.mute(name), icon: "mute", run: () => mute(status.account.id, 0, true) },
      me.value !== null &&
        !mine && {
          label: m.profile.block(name),
          icon: "block",
          danger: true,
          run: () =>
            ask({
              title: m.profile.block(name),
              text: m.profile.blockText,
              yes: m.profile.blockYes,
              danger: true,
              run: () => block(status.account.id),
            }),
        },
      me.value !== null &&
        !mine && {
          label: m.profile.report(name),
          icon: "flag",
          danger: true,
          run: () => openDialog((close) => <Report account={status.account} status={status} close={close} />),
        },
      mayModerate.value && !mine && { label: m.moderation.openAccount, icon: "shield", href: `/moderation/accounts/${status.account.id}` },
    ];
  };
  return (
    <>
      {me.value && (
        <button
          type="button"
          class="act act-bookmark"
          data-act="bookmark"
          aria-pressed={status.bookmarked ?? false}
          aria-label={status.bookmarked ? m.post.unbookmark : m.post.bookmark}
          title={m.post.bookmark}
          onClick={() => void toggleBookmark(status)}
        >
          <Icon name="bookmark" />
        </button>
      )}
      <Menu label={m.post.more} class="act" items={items} />
    </>
  );
}
