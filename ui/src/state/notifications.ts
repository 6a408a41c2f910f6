// Grouped notifications: pages of groups, the accounts they name, live arrivals, and how far the reader has read.
import { type Signal, signal } from "@preact/signals";
import { api } from "../api/client";
import { SUBSCRIBED, type StreamEvent } from "../api/stream";
import type { Notification, NotificationGroup, NotificationResults } from "../api/types";
import { keepAccount, keepAnswer, keepTold } from "./entities";
import { type Feed, feed, keptFeed } from "./feed";
import { unreadNotifications } from "./unread";

export type NotificationTab = "all" | "mentions";

export const lastRead: Signal<string> = signal("0");

const GROUPED = ["favourite", "reblog", "follow"] as const;

export const notificationFeed = (tab: NotificationTab): Feed<NotificationGroup> =>
  feed<NotificationResults, NotificationGroup>(`notifications/${tab}`, {
    pages: () =>
      api.v2.notifications.list({ limit: 30, groupedTypes: GROUPED, ...(tab === "mentions" && { types: ["mention"] }) }).values(),
    take: (found, asked) => {
      found.accounts.forEach(keepAccount);
      keepAnswer(found.statuses, asked);
      return found.notificationGroups;
    },
    key: (group) => group.groupKey,
  });

/** The type of masto calls this one string; the server sends a list. */
export const sampleIds = (group: NotificationGroup): string[] => group.sampleAccountIds as unknown as string[];

function groupOf(notification: Notification, before: NotificationGroup | undefined): NotificationGroup {
  const ids = [notification.account.id, ...(before ? sampleIds(before).filter((id) => id !== notification.account.id) : [])];
  return {
    ...before,
    groupKey: notification.groupKey ?? `ungrouped-${notification.id}`,
    notificationsCount: (before?.notificationsCount ?? 0) + 1,
    type: notification.type,
    mostRecentNotificationId: notification.id,
    latestPageNotificationAt: notification.createdAt,
    sampleAccountIds: ids.slice(0, 8),
    ...(notification.status && { statusId: notification.status.id }),
    ...(notification.report && { report: notification.report }),
  } as unknown as NotificationGroup;
}

export function takeNotification({ event, payload }: StreamEvent): void {
  const all = keptFeed("notifications/all") as Feed<NotificationGroup> | undefined;
  if (event === "notifications_merged" || event === SUBSCRIBED) return void all?.catchUp(true);
  const notification = payload as Notification;
  keepAccount(notification.account);
  if (notification.status) keepTold(notification.status);
  const add = (target: Feed<NotificationGroup> | undefined): void => {
    if (!target || target.state.value === "idle") return;
    const key = notification.groupKey ?? `ungrouped-${notification.id}`;
    const before = target.items.value.find((group) => group.groupKey === key);
    target.update((items) => [groupOf(notification, before), ...items.filter((group) => group.groupKey !== key)]);
  };
  add(all);
  if (notification.type === "mention") add(keptFeed("notifications/mentions") as Feed<NotificationGroup> | undefined);
  if (location.pathname.startsWith("/notifications") && document.visibilityState === "visible") void markRead(notification.id);
  else unreadNotifications.value += 1;
}

export async function loadLastRead(): Promise<void> {
  const markers = await api.v1.markers.fetch({ timeline: ["notifications"] });
  lastRead.value = markers.notifications?.lastReadId ?? "0";
}

const newer = (a: string, b: string): boolean => a.length > b.length || (a.length === b.length && a > b);

export const isUnread = (group: NotificationGroup, mark: string): boolean => newer(String(group.mostRecentNotificationId), mark);

/** Tells the server; what the screen shows as new stays marked until the page is left. */
export async function markRead(id: string): Promise<void> {
  unreadNotifications.value = 0;
  await api.v1.markers.create({ notifications: { lastReadId: id } }).catch(() => undefined);
}
