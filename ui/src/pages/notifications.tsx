// What happened: mentions, boosts, favourites, follows; alike ones grouped.
import { useEffect, useMemo, useState } from "preact/hooks";
import { api } from "../api/client";
import type { Account, NotificationGroup, Status } from "../api/types";
import { list, m } from "../i18n";
import { accountSignal, statusSignal } from "../state/entities";
import { type NotificationTab, isUnread, lastRead, loadLastRead, markRead, notificationFeed, sampleIds } from "../state/notifications";
import { complain } from "../state/notices";
import { Avatar, Time, profilePath } from "../parts/basics";
import { ask } from "../parts/dialog";
import { FeedView } from "../parts/feed-view";
import { Icon, type IconName } from "../parts/icon";
import { Menu } from "../parts/menu";
import { Page, Tabs } from "../parts/page";
import { FollowButton } from "../parts/people";
import { Post, statusPath } from "../parts/post";
import { Name, nameOf, plainText } from "../parts/rich";

const icons: Record<string, IconName> = {
  favourite: "star",
  reblog: "boost",
  follow: "follow",
  follow_request: "follow",
  poll: "poll",
  update: "edit",
  status: "bell",
  mention: "at",
  "admin.sign_up": "follow",
  "admin.report": "flag",
  moderation_warning: "warning",
  quote: "reply",
};

function words(group: NotificationGroup, status: Status | null): string {
  const many = group.notificationsCount;
  const kinds = m.notifications.kinds as Record<string, string>;
  if (group.type === "poll")
    return status?.account && sampleIds(group).includes(status.account.id) ? m.notifications.ownPoll : m.notifications.poll;
  return (
    (many > 1 ? (m.notifications.kindsMany as Record<string, string>)[group.type] : undefined) ?? kinds[group.type] ?? m.notifications.other
  );
}

function Actors({ accounts, total }: { accounts: Account[]; total: number }) {
  const [first] = accounts;
  if (!first) return null;
  const rest = total - 1;
  if (rest <= 0)
    return (
      <a href={profilePath(first)}>
        <Name account={first} />
      </a>
    );
  if (rest === 1 && accounts[1])
    return (
      <>
        <a href={profilePath(first)}>
          <Name account={first} />
        </a>{" "}
        {m.notifications.and}{" "}
        <a href={profilePath(accounts[1])}>
          <Name account={accounts[1]} />
        </a>
      </>
    );
  return (
    <>
      <a href={profilePath(first)}>
        <Name account={first} />
      </a>{" "}
      {m.notifications.andOthers(rest)}
    </>
  );
}

function Group({ group, mark }: { group: NotificationGroup; mark: string }) {
  const status = statusSignal("statusId" in group ? (group.statusId ?? "") : "").value;
  const accounts = sampleIds(group).flatMap((id) => accountSignal(id)?.value ?? []);
  const unread = isUnread(group, mark);
  const [first] = accounts;
  if ((group.type === "mention" || group.type === "status") && status)
    return (
      <div class={`notification-post${unread ? " unread" : ""}`}>
        <Post id={status.id} context="notifications" />
      </div>
    );
  const label = `${list(accounts.slice(0, 2).map(nameOf))} ${words(group, status)}`;
  const report = "report" in group ? group.report : null;
  return (
    <article
      class={`notification notification-${group.type.replace(".", "-")}${unread ? " unread" : ""}`}
      tabIndex={0}
      aria-label={label}
      data-post={group.groupKey}
      data-status={status?.id}
    >
      <span class="notification-icon">
        <Icon name={icons[group.type] ?? "bell"} />
      </span>
      <div class="notification-main">
        <div class="notification-faces">
          {accounts.slice(0, 8).map((account) => (
            <a key={account.id} href={profilePath(account)} aria-label={nameOf(account)} tabIndex={-1}>
              <Avatar account={account} size="s" />
            </a>
          ))}
          {group.latestPageNotificationAt && (
            <span class="notification-time">
              <Time iso={group.latestPageNotificationAt} />
            </span>
          )}
        </div>
        <p class="notification-words">
          <Actors accounts={accounts} total={group.notificationsCount} /> {words(group, status)}
        </p>
        {status && (
          <a class="notification-excerpt" href={statusPath(status)}>
            {status.spoilerText || plainText(status.content) || m.notifications.picture}
          </a>
        )}
        {group.type === "follow" && group.notificationsCount === 1 && first && (
          <div class="row">
            <FollowButton account={first} small />
          </div>
        )}
        {group.type === "follow_request" && (
          <a class="button button-soft button-small" href="/follow_requests">
            {m.notifications.seeRequests}
          </a>
        )}
        {group.type === "admin.report" && report && (
          <a class="button button-soft button-small" href={`/moderation/reports/${report.id}`}>
            {m.notifications.seeReport}
          </a>
        )}
        {group.type === "admin.sign_up" && first && (
          <a class="button button-soft button-small" href={`/moderation/accounts/${first.id}`}>
            {m.moderation.openAccount}
          </a>
        )}
      </div>
    </article>
  );
}

export function Notifications({ tab = "all" }: { tab?: NotificationTab }) {
  const target = useMemo(() => notificationFeed(tab), [tab]);
  const [mark, setMark] = useState<string | null>(null);
  useEffect(() => {
    // New ones stay marked while this page is open, so the mark of the moment of arrival counts.
    void loadLastRead().then(
      () => setMark(lastRead.value),
      () => setMark(lastRead.value),
    );
    void target.catchUp(true);
  }, [target]);
  const newest = target.items.value[0]?.mostRecentNotificationId;
  useEffect(() => {
    if (mark !== null && newest) void markRead(String(newest));
  }, [mark, newest]);

  const clear = async (): Promise<void> => {
    try {
      await api.v1.notifications.clear();
      await target.reload();
    } catch (error) {
      complain(error);
    }
  };
  const tabs = [
    { href: "/notifications", label: m.notifications.all, current: tab === "all" },
    { href: "/notifications/mentions", label: m.notifications.mentions, current: tab === "mentions" },
  ];
  const menu = (
    <Menu
      label={m.notifications.more}
      items={() => [
        {
          label: m.notifications.clear,
          icon: "trash",
          danger: true,
          run: () =>
            ask({ title: m.notifications.clear, text: m.notifications.clearText, yes: m.notifications.clearYes, danger: true, run: clear }),
        },
      ]}
    />
  );
  return (
    <Page title={m.nav.notifications} actions={menu} below={<Tabs label={m.nav.notifications} tabs={tabs} />}>
      <FeedView
        feed={target}
        label={m.nav.notifications}
        articles
        empty={{ icon: "bell", title: m.notifications.emptyTitle, text: m.notifications.emptyText }}
        draw={(group) => <Group key={group.groupKey} group={group} mark={mark ?? lastRead.value} />}
      />
    </Page>
  );
}
