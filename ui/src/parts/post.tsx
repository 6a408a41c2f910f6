// One post as it stands in a list: who, what, pictures, poll, and what can be done with it.
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import type { FilterContext, Status } from "../api/types";
import { count, fullDate, m, shortAge } from "../i18n";
import { navigate } from "../router";
import { toggleBoost, toggleFavourite } from "../state/actions";
import { statusSignal } from "../state/entities";
import { me } from "../state/session";
import { preferences } from "../state/settings";
import { Avatar, Time, profilePath } from "./basics";
import { Card } from "./card";
import { openComposer } from "./composer";
import { Icon, type IconName } from "./icon";
import { Gallery } from "./gallery";
import { PollBox } from "./poll";
import { PostMenu, askToJoin } from "./post-menu";
import { Name, nameOf, plainText, statusText, withEmojis } from "./rich";

export const statusPath = (status: Status): string => `${profilePath(status.account)}/${status.id}`;

export const visibilityIcon: Record<Status["visibility"], IconName> = { public: "globe", unlisted: "moon", private: "lock", direct: "at" };

interface PostProps {
  id: string;
  context?: FilterContext;
  /** Above or below it in a thread: a line joins the avatars. */
  joinAbove?: boolean;
  joinBelow?: boolean;
  depth?: number;
  focal?: boolean;
  pinned?: boolean;
  fresh?: boolean;
}

export function Post({ id, context = "public", ...rest }: PostProps) {
  const outer = statusSignal(id).value;
  if (!outer) return null;
  const inner = outer.reblog ? statusSignal(outer.reblog.id).value : outer;
  if (!inner) return null;
  return <FilteredPost outer={outer} status={inner} context={context} {...rest} />;
}

function FilteredPost(props: Omit<PostProps, "id"> & { outer: Status; status: Status; context: FilterContext }) {
  const [shown, setShown] = useState(false);
  const hits = (props.status.filtered ?? []).filter(({ filter }) => (filter.context as string[]).includes(props.context));
  const mine = props.status.account.id === me.value?.id;
  if (!mine && hits.some(({ filter }) => (filter as unknown as { filterAction: string }).filterAction === "hide")) return null;
  const warning = hits.find(({ filter }) => (filter as unknown as { filterAction: string }).filterAction === "warn");
  if (warning && !shown && !mine) {
    return (
      <article class="post post-filtered" data-post={props.outer.id} tabIndex={0}>
        <Icon name="filter" />
        <span>{m.post.filtered((warning.filter as unknown as { title: string }).title)}</span>
        <button type="button" class="link" onClick={() => setShown(true)}>
          {m.post.showAnyway}
        </button>
      </article>
    );
  }
  return <FullPost {...props} />;
}

function FullPost({
  outer,
  status,
  joinAbove,
  joinBelow,
  depth = 0,
  focal = false,
  pinned = false,
}: Omit<PostProps, "id" | "context"> & { outer: Status; status: Status }) {
  const classes = [
    "post",
    focal && "post-focal",
    joinAbove && "join-above",
    joinBelow && "join-below",
    depth > 0 && `post-depth-${Math.min(depth, 4)}`,
  ];
  const open = (event: MouseEvent): void => {
    const target = event.target as HTMLElement;
    if (focal || target.closest("a, button, input, label, video, audio, .menu, [data-inert]") || getSelection()?.toString()) return;
    if (event.metaKey || event.ctrlKey) window.open(statusPath(status));
    else navigate(statusPath(status));
  };
  return (
    <article
      class={classes.filter(Boolean).join(" ")}
      data-post={outer.id}
      data-status={status.id}
      tabIndex={focal ? -1 : 0}
      aria-label={m.post.label(
        nameOf(status.account),
        shortAge(status.createdAt),
        (status.spoilerText || plainText(status.content)).slice(0, 240),
      )}
      onClick={open}
    >
      {pinned && (
        <p class="post-why">
          <Icon name="pin" />
          {m.post.pinned}
        </p>
      )}
      {outer.reblog && (
        <p class="post-why">
          <Icon name="boost" />
          <a href={profilePath(outer.account)}>
            <Name account={outer.account} />
          </a>{" "}
          {m.post.boosted}
        </p>
      )}
      <header class="post-head">
        <a href={profilePath(status.account)} class="post-avatar" tabIndex={-1} aria-hidden="true">
          <Avatar account={status.account} />
        </a>
        <div class="post-who">
          <a href={profilePath(status.account)} class="post-name">
            <Name account={status.account} />
            {status.account.bot && <Icon name="bot" label={m.profile.bot} />}
          </a>
          <span class="post-acct">@{status.account.acct}</span>
        </div>
        <div class="post-when">
          {status.editedAt && !focal && <Icon name="edit" label={m.post.edited} />}
          <Icon name={visibilityIcon[status.visibility]} label={m.visibility[status.visibility]} />
          {!focal && (
            <a href={statusPath(status)} class="post-time">
              <Time iso={status.createdAt} />
            </a>
          )}
        </div>
      </header>
      <div class="post-main">
        {status.inReplyToId && !joinAbove && !focal && <ReplyLine status={status} />}
        <PostBody status={status} />
        {focal && <FocalMeta status={status} />}
        <Actions status={status} />
      </div>
    </article>
  );
}

function ReplyLine({ status }: { status: Status }) {
  const to = status.mentions.find(({ id }) => id === status.inReplyToAccountId);
  const self = status.inReplyToAccountId === status.account.id;
  if (!to && !self) return null;
  return (
    <p class="post-reply-to">
      <Icon name="replyTo" />
      {self ? m.post.continued : m.post.replyTo(`@${to?.acct ?? ""}`)}
    </p>
  );
}

/** Text, pictures, poll and preview, behind the content warning if there is one. */
export function PostBody({ status }: { status: Status }) {
  const [open, setOpen] = useState(preferences.value.expandWarnings);
  const hidden = status.spoilerText !== "" && !open;
  const media = status.mediaAttachments;
  let inside: ComponentChildren = null;
  if (!hidden) {
    inside = (
      <>
        {status.content && (
          <div class="post-text" lang={status.language ?? undefined} dir="auto">
            {statusText(status)}
          </div>
        )}
        {status.poll && <PollBox statusId={status.id} poll={status.poll} />}
        {media.length > 0 && <Gallery media={media} sensitive={status.sensitive && status.spoilerText === ""} />}
        {status.card && media.length === 0 && <Card card={status.card} />}
      </>
    );
  }
  return (
    <>
      {status.spoilerText && (
        <div class="warning">
          <Icon name="warning" />
          <span class="warning-text" dir="auto">
            {withEmojis(status.spoilerText, status.emojis)}
          </span>
          <button type="button" class="button button-soft button-small" data-reveal aria-expanded={!hidden} onClick={() => setOpen(!open)}>
            {hidden ? m.post.show : m.post.hide}
          </button>
        </div>
      )}
      {inside}
    </>
  );
}

function FocalMeta({ status }: { status: Status }) {
  const base = statusPath(status);
  return (
    <div class="focal-meta">
      <time dateTime={status.createdAt}>{fullDate(status.createdAt)}</time>
      {status.editedAt && <a href={`${base}/history`}>{m.post.editedAt(shortAge(status.editedAt))}</a>}
      {status.application?.name && <span>{status.application.name}</span>}
      {status.reblogsCount > 0 && (
        <a href={`${base}/boosts`}>
          <strong>{count(status.reblogsCount)}</strong> {m.post.boosts(status.reblogsCount)}
        </a>
      )}
      {status.favouritesCount > 0 && (
        <a href={`${base}/favourites`}>
          <strong>{count(status.favouritesCount)}</strong> {m.post.favourites(status.favouritesCount)}
        </a>
      )}
    </div>
  );
}

interface ActionProps {
  icon: IconName;
  name: string;
  label: string;
  number?: number | undefined;
  on?: boolean | undefined;
  disabled?: boolean;
  run: () => unknown;
}

function Action({ icon, name, label, number = 0, on, disabled, run }: ActionProps) {
  return (
    <button
      type="button"
      class={`act act-${name}`}
      data-act={name}
      title={label}
      aria-pressed={on}
      disabled={disabled}
      onClick={() => void run()}
    >
      <Icon name={icon} />
      <span class="visually-hidden">{label}</span>
      {number > 0 && <span>{count(number)}</span>}
    </button>
  );
}

function Actions({ status }: { status: Status }) {
  const boostable =
    status.visibility === "public" ||
    status.visibility === "unlisted" ||
    (status.visibility === "private" && status.account.id === me.value?.id);
  const asMe = (run: () => unknown) => (me.value ? run : () => askToJoin());
  return (
    <div class="acts" data-inert>
      <Action
        icon="reply"
        name="reply"
        label={m.post.reply}
        number={status.repliesCount}
        run={asMe(() => openComposer({ replyTo: status }))}
      />
      <Action
        icon={boostable ? "boost" : "lock"}
        name="boost"
        label={boostable ? (status.reblogged ? m.post.unboost : m.post.boost) : m.post.notBoostable}
        number={status.reblogsCount}
        on={status.reblogged ?? false}
        disabled={!boostable}
        run={asMe(() => toggleBoost(status))}
      />
      <Action
        icon="star"
        name="favourite"
        label={status.favourited ? m.post.unfavourite : m.post.favourite}
        number={status.favouritesCount}
        on={status.favourited ?? false}
        run={asMe(() => toggleFavourite(status))}
      />
      <PostMenu status={status} />
    </div>
  );
}
