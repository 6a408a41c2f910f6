// How much is waiting: the numbers on the bell, the envelope and the person's requests.
import { signal } from "@preact/signals";
import { api } from "../api/client";
import { me } from "./session";

export const unreadNotifications = signal(0);
export const unreadConversations = signal(0);
export const followRequests = signal(0);
export const hasUnseenHome = signal(false);

export async function countUnread(): Promise<void> {
  followRequests.value = me.value?.source.followRequestsCount ?? 0;
  const [notifications, conversations] = await Promise.all([
    api.v2.notifications.unreadCount.fetch({ limit: 100 }),
    api.v1.conversations.list({ limit: 40 }),
  ]);
  unreadNotifications.value = notifications.count;
  unreadConversations.value = conversations.filter((conversation) => conversation.unread).length;
}
