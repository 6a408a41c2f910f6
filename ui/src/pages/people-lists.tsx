// Lists of people: followers, following, who boosted or favourited a post, requests.
import { useMemo, useState } from "preact/hooks";
import { api } from "../api/client";
import type { Account } from "../api/types";
import { m } from "../i18n";
import { keepAccount, keepRelationship } from "../state/entities";
import { type Feed, feed } from "../state/feed";
import { complain } from "../state/notices";
import { followRequests } from "../state/unread";
import { Button, Skeletons, Trouble, profilePath } from "../parts/basics";
import { FeedView } from "../parts/feed-view";
import type { IconName } from "../parts/icon";
import { Page, Tabs } from "../parts/page";
import { Person } from "../parts/people";
import { nameOf } from "../parts/rich";
import { useAccount } from "./profile";

function peopleFeed(name: string, pages: () => AsyncIterator<Account[]>): Feed<Account> {
  return feed<Account[], Account>(name, { pages, take: (found) => (found.forEach(keepAccount), found), key: ({ id }) => id });
}

function People({ target, label, icon, title }: { target: Feed<Account>; label: string; icon: IconName; title: string }) {
  return (
    <FeedView
      feed={target}
      label={label}
      class="feed-rows"
      empty={{ icon, title }}
      draw={(account) => <Person key={account.id} account={account} note />}
    />
  );
}

export function Follows({ acct, side }: { acct: string; side: "followers" | "following" }) {
  const { account, error, reload } = useAccount(acct);
  if (!account)
    return (
      <Page title={`@${acct}`} back={`/@${acct}`}>
        {error ? <Trouble error={error} retry={reload} /> : <Skeletons />}
      </Page>
    );
  return <FollowsOf key={`${account.id}/${side}`} account={account} side={side} />;
}

function FollowsOf({ account, side }: { account: Account; side: "followers" | "following" }) {
  const target = useMemo(
    () => peopleFeed(`${side}/${account.id}`, () => api.v1.accounts.$select(account.id)[side].list({ limit: 40 }).values()),
    [],
  );
  const base = profilePath(account);
  const tabs = [
    { href: `${base}/following`, label: m.profile.followingCount, current: side === "following" },
    { href: `${base}/followers`, label: m.profile.followersTitle, current: side === "followers" },
  ];
  return (
    <Page title={nameOf(account)} back={base} below={<Tabs label={m.profile.tabs} tabs={tabs} />}>
      <People
        target={target}
        label={tabs.find(({ current }) => current)?.label ?? ""}
        icon="people"
        title={side === "followers" ? m.profile.noFollowers : m.profile.noFollowing}
      />
    </Page>
  );
}

export function Reactions({ acct, id, kind }: { acct: string; id: string; kind: "boosts" | "favourites" }) {
  const target = useMemo(() => {
    const status = api.v1.statuses.$select(id);
    return peopleFeed(`${kind}/${id}`, () => (kind === "boosts" ? status.rebloggedBy.list() : status.favouritedBy.list()).values());
  }, [id, kind]);
  const title = kind === "boosts" ? m.post.boostedBy : m.post.favouritedBy;
  return (
    <Page title={title} back={`/@${acct}/${id}`}>
      <People target={target} label={title} icon={kind === "boosts" ? "boost" : "star"} title={m.post.nobodyYet} />
    </Page>
  );
}

export function FollowRequests() {
  const target = useMemo(() => peopleFeed("follow_requests", () => api.v1.followRequests.list({ limit: 40 }).values()), []);
  const [busy, setBusy] = useState<string | null>(null);
  const answer = async (account: Account, yes: boolean): Promise<void> => {
    setBusy(account.id);
    const request = api.v1.followRequests.$select(account.id);
    try {
      keepRelationship(await (yes ? request.authorize() : request.reject()));
      target.remove(account.id);
      followRequests.value = Math.max(0, followRequests.value - 1);
    } catch (error) {
      complain(error);
    }
    setBusy(null);
  };
  const row = (account: Account) => (
    <Person key={account.id} account={account} note>
      <Button small kind="plain" disabled={busy === account.id} onClick={() => answer(account, false)}>
        {m.requests.reject}
      </Button>
      <Button small kind="main" busy={busy === account.id} onClick={() => answer(account, true)}>
        {m.requests.accept}
      </Button>
    </Person>
  );
  return (
    <Page title={m.nav.requests} back="/home">
      <FeedView
        feed={target}
        label={m.nav.requests}
        class="feed-rows"
        draw={row}
        empty={{ icon: "follow", title: m.requests.none, text: m.requests.noneText }}
      />
    </Page>
  );
}
