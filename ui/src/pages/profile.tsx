// A person: who they are, how they stand to the reader, what they wrote.
import { useEffect, useMemo } from "preact/hooks";
import { api } from "../api/client";
import { statusOf } from "../api/errors";
import type { Account, Relationship } from "../api/types";
import { count, m, monthDate } from "../i18n";
import { block, mute, removeFollower, setFollowOptions, unblock, unmute } from "../state/actions";
import { accountSignal, keepAccount, keepAnswer, knownAccountByAcct, needRelationship, relationshipSignal } from "../state/entities";
import { type ProfileTab, profileFeed } from "../state/feeds";
import { say } from "../state/notices";
import { mayModerate, me } from "../state/session";
import { Avatar, Empty, IconButton, RoleChip, Skeletons, Trouble, profilePath } from "../parts/basics";
import { openComposer } from "../parts/composer";
import { ask, openDialog } from "../parts/dialog";
import { StatusFeed } from "../parts/feed-view";
import { Icon } from "../parts/icon";
import { part } from "../parts/lazy";
import { useLoad } from "../parts/load";
import { MediaGrid } from "../parts/media-grid";
import { Menu, type MenuItem } from "../parts/menu";
import { Page, Tabs } from "../parts/page";
import { FollowButton } from "../parts/people";
import { Post } from "../parts/post";
import { Name, nameOf, noteText } from "../parts/rich";
import { places, smallOf } from "../parts/sized";

const extras = () => import("../parts/extras");
const ListPicker = part(extras, "ListPicker", true);
const MuteDialog = part(extras, "MuteDialog", true);
const Report = part(extras, "Report", true);
const PrivateNote = part(extras, "PrivateNote", true);

export function useAccount(acct: string) {
  const known = useMemo(() => knownAccountByAcct(acct), [acct]);
  const loaded = useLoad(async () => keepAccount(await api.v1.accounts.lookup({ acct })), [acct]);
  const id = loaded.value ?? known?.id ?? null;
  const account = id ? (accountSignal(id)?.value ?? null) : null;
  return { account, error: loaded.error, reload: loaded.reload };
}

export function Profile({ acct, tab = "posts" }: { acct: string; tab?: ProfileTab }) {
  const { account, error, reload } = useAccount(acct);
  if (!account) {
    return (
      <Page title={`@${acct}`} back="/home">
        {!error ? (
          <Skeletons />
        ) : statusOf(error) === 404 ? (
          <Empty icon="person" title={m.profile.goneTitle}>
            {m.profile.goneText(acct)}
          </Empty>
        ) : (
          <Trouble error={error} retry={reload} />
        )}
      </Page>
    );
  }
  return (
    <Page title={nameOf(account)} back="/home">
      <Head account={account} />
      {account.suspended ? <Empty icon="block" title={m.profile.suspended} /> : <Posts account={account} tab={tab} />}
    </Page>
  );
}

function Badges({ account, relationship }: { account: Account; relationship: Relationship | null }) {
  return (
    <>
      {relationship?.followedBy && <span class="chip">{m.profile.followsYou}</span>}
      {account.locked && (
        <span class="chip">
          <Icon name="lock" />
          {m.profile.locked}
        </span>
      )}
      {account.bot && (
        <span class="chip">
          <Icon name="bot" />
          {m.profile.bot}
        </span>
      )}
      {account.roles.map((role) => (
        <RoleChip key={role.id} role={role} />
      ))}
      {relationship?.blockedBy && <span class="chip">{m.profile.blocksYou}</span>}
    </>
  );
}

function Header({ account }: { account: Account }) {
  const small = smallOf(account).header;
  return <img {...(small && { sizes: places.column, srcSet: `${small} 750w, ${account.header} 1500w` })} src={account.header} alt="" />;
}

function Head({ account }: { account: Account }) {
  const mine = account.id === me.value?.id;
  useEffect(() => {
    if (me.value && !mine) needRelationship(account.id);
  }, [account.id]);
  const relationship = relationshipSignal(account.id).value;
  const base = profilePath(account);
  return (
    <section class="profile" aria-label={nameOf(account)}>
      <div class="profile-header">{account.header && !account.header.includes("missing") && <Header account={account} />}</div>
      <div class="profile-top">
        <Avatar account={account} size="l" />
        <div class="profile-acts">
          {mine ? (
            <a class="button button-soft" href="/settings/profile">
              <Icon name="edit" />
              <span>{m.profile.edit}</span>
            </a>
          ) : (
            <>
              {relationship?.following && (
                <IconButton
                  icon={relationship.notifying ? "notify" : "bell"}
                  pressed={relationship.notifying}
                  label={m.profile.notify}
                  onClick={() => setFollowOptions(account.id, { notify: !relationship.notifying })}
                />
              )}
              <FollowButton account={account} />
            </>
          )}
          <ProfileMenu account={account} relationship={relationship} />
        </div>
      </div>
      <div class="profile-name">
        <span class="profile-title">
          <Name account={account} />
        </span>
        <span class="profile-acct">@{account.acct}</span>
        <Badges account={account} relationship={relationship} />
      </div>
      {account.note && (
        <div class="profile-note post-text" dir="auto">
          {noteText(account.note, account.emojis)}
        </div>
      )}
      {relationship && !mine && <PrivateNote account={account} relationship={relationship} />}
      {account.fields.length > 0 && (
        <dl class="profile-fields">
          {account.fields.map((field) => (
            <div key={field.name} class={field.verifiedAt ? "field-verified" : ""}>
              <dt>{field.name}</dt>
              <dd dir="auto">
                {field.verifiedAt && <Icon name="check" label={m.profile.verified} />}
                {noteText(field.value, account.emojis)}
              </dd>
            </div>
          ))}
        </dl>
      )}
      <p class="profile-numbers">
        <span>
          <strong>{count(account.statusesCount)}</strong> {m.profile.posts(account.statusesCount)}
        </span>
        <a href={`${base}/following`}>
          <strong>{count(account.followingCount)}</strong> {m.profile.followingCount}
        </a>
        <a href={`${base}/followers`}>
          <strong>{count(account.followersCount)}</strong> {m.profile.followersCount(account.followersCount)}
        </a>
        <span class="profile-since">{m.profile.since(monthDate(account.createdAt))}</span>
      </p>
    </section>
  );
}

function ProfileMenu({ account, relationship }: { account: Account; relationship: Relationship | null }) {
  const name = nameOf(account);
  const mine = account.id === me.value?.id;
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(account.url);
    say(m.post.linkCopied);
  };
  const askBlock = (): void =>
    ask({ title: m.profile.block(name), text: m.profile.blockText, yes: m.profile.blockYes, danger: true, run: () => block(account.id) });
  const others = (): (MenuItem | false)[] => [
    { label: m.profile.mention(name), icon: "at", run: () => openComposer({ text: `@${account.acct} ` }) },
    { label: m.profile.message(name), icon: "mail", run: () => openComposer({ text: `@${account.acct} `, visibility: "direct" }) },
    Boolean(relationship?.following) && {
      label: m.profile.addToList,
      icon: "list",
      run: () => openDialog((close) => <ListPicker account={account} close={close} />),
    },
    Boolean(relationship?.following) && {
      label: relationship?.showingReblogs ? m.profile.hideBoosts : m.profile.showBoosts,
      icon: "boost",
      run: () => setFollowOptions(account.id, { reblogs: !relationship?.showingReblogs }),
    },
    Boolean(relationship?.followedBy) && { label: m.profile.removeFollower, icon: "unfollow", run: () => removeFollower(account.id) },
    relationship?.muting
      ? { label: m.profile.unmute, icon: "unmute", run: () => unmute(account.id) }
      : {
          label: m.profile.mute(name),
          icon: "mute",
          run: () => openDialog((close) => <MuteDialog account={account} mute={mute} close={close} />),
        },
    relationship?.blocking
      ? { label: m.profile.unblock, icon: "block", run: () => unblock(account.id) }
      : { label: m.profile.block(name), icon: "block", danger: true, run: askBlock },
    {
      label: m.profile.report(name),
      icon: "flag",
      danger: true,
      run: () => openDialog((close) => <Report account={account} close={close} />),
    },
  ];
  const items = (): (MenuItem | false)[] => [
    { label: m.profile.copyLink, icon: "copy", run: copy },
    ...(me.value && !mine ? others() : []),
    mayModerate.value && !mine && { label: m.moderation.openAccount, icon: "shield", href: `/moderation/accounts/${account.id}` },
  ];
  return <Menu label={m.profile.more(name)} items={items} />;
}

function Posts({ account, tab }: { account: Account; tab: ProfileTab }) {
  const target = useMemo(() => profileFeed(account.id, tab), [account.id, tab]);
  const pinned = useLoad(async () => {
    const asked = performance.now();
    return keepAnswer(await api.v1.accounts.$select(account.id).statuses.list({ pinned: true }), asked);
  }, [account.id]);
  const base = profilePath(account);
  const tabs = [
    { href: base, label: m.profile.tabPosts, current: tab === "posts" },
    { href: `${base}/with_replies`, label: m.profile.tabReplies, current: tab === "replies" },
    { href: `${base}/media`, label: m.profile.tabMedia, current: tab === "media" },
  ];
  return (
    <>
      <Tabs label={m.profile.tabs} tabs={tabs} />
      {tab === "posts" && (pinned.value?.length ?? 0) > 0 && (
        <div class="feed feed-pinned" role="region" aria-label={m.post.pinned}>
          {pinned.value?.map((id) => (
            <Post key={id} id={id} context="account" pinned />
          ))}
        </div>
      )}
      {tab === "media" ? (
        <MediaGrid
          feed={target}
          label={m.profile.tabMedia}
          empty={{ title: m.profile.noMediaTitle, text: m.profile.noMediaText(nameOf(account)) }}
        />
      ) : (
        <StatusFeed
          key={tab}
          feed={target}
          context="account"
          label={nameOf(account)}
          empty={{ icon: "write", title: m.profile.emptyTitle, text: m.profile.emptyText(nameOf(account)) }}
        />
      )}
    </>
  );
}
