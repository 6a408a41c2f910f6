// Direct posts, one row per conversation.
import { useEffect, useMemo } from "preact/hooks";
import { api } from "../api/client";
import { SUBSCRIBED, subscribe } from "../api/stream";
import type { Conversation } from "../api/types";
import { list, m } from "../i18n";
import { navigate } from "../router";
import { keepAccount, keepAnswer, keepTold } from "../state/entities";
import { feed } from "../state/feed";
import { complain } from "../state/notices";
import { unreadConversations } from "../state/unread";
import { Avatar, Button, Time } from "../parts/basics";
import { openComposer } from "../parts/composer";
import { FeedView } from "../parts/feed-view";
import { Menu } from "../parts/menu";
import { Page } from "../parts/page";
import { statusPath } from "../parts/post";
import { nameOf, plainText } from "../parts/rich";

const conversationFeed = () =>
  feed<Conversation[], Conversation>("conversations", {
    pages: () => api.v1.conversations.list({ limit: 20 }).values(),
    take: (found, asked) => {
      for (const { accounts, lastStatus } of found) {
        accounts.forEach(keepAccount);
        if (lastStatus) keepAnswer([lastStatus], asked);
      }
      return found;
    },
    key: ({ id }) => id,
  });

export function Conversations() {
  const target = useMemo(conversationFeed, []);
  useEffect(() => {
    void target.catchUp();
    return subscribe("direct", ({ event, payload }) => {
      if (event === SUBSCRIBED) void target.catchUp(true);
      if (event !== "conversation") return;
      const fresh = payload as Conversation;
      fresh.accounts.forEach(keepAccount);
      if (fresh.lastStatus) keepTold(fresh.lastStatus);
      target.update((items) => [fresh, ...items.filter(({ id }) => id !== fresh.id)]);
    });
  }, []);
  const change = (id: string, next: (conversation: Conversation) => Conversation): void =>
    target.update((items) => items.map((each) => (each.id === id ? next(each) : each)));

  const open = (conversation: Conversation): void => {
    if (conversation.unread) {
      change(conversation.id, (each) => ({ ...each, unread: false }));
      unreadConversations.value = Math.max(0, unreadConversations.value - 1);
      api.v1.conversations.$select(conversation.id).read().catch(complain);
    }
    if (conversation.lastStatus) navigate(statusPath(conversation.lastStatus));
  };
  const remove = async (id: string): Promise<void> => {
    try {
      await api.v1.conversations.$select(id).remove();
      target.remove(id);
    } catch (error) {
      complain(error);
    }
  };
  const row = (conversation: Conversation) => {
    const { id, accounts, lastStatus, unread } = conversation;
    return (
      <article key={id} class={`conversation${unread ? " unread" : ""}`}>
        <button type="button" class="conversation-open" onClick={() => open(conversation)}>
          <span class="conversation-faces">
            {accounts.slice(0, 2).map((account) => (
              <Avatar key={account.id} account={account} />
            ))}
          </span>
          <span class="conversation-words">
            <strong>{list(accounts.slice(0, 3).map(nameOf)) || m.conversations.alone}</strong>
            <span class="conversation-text">{lastStatus ? lastStatus.spoilerText || plainText(lastStatus.content) : ""}</span>
          </span>
          {lastStatus && (
            <span class="conversation-time">
              <Time iso={lastStatus.createdAt} />
            </span>
          )}
          {unread && (
            <span class="dot">
              <span class="visually-hidden">{m.conversations.unread}</span>
            </span>
          )}
        </button>
        <Menu
          label={m.conversations.more}
          items={() => [{ label: m.conversations.remove, icon: "trash", danger: true, run: () => remove(id) }]}
        />
      </article>
    );
  };
  return (
    <Page
      title={m.nav.conversations}
      actions={
        <Button small kind="main" icon="write" onClick={() => openComposer({ visibility: "direct" })}>
          {m.conversations.write}
        </Button>
      }
    >
      <FeedView
        feed={target}
        draw={row}
        label={m.nav.conversations}
        articles
        class="feed-rows"
        empty={{ icon: "mail", title: m.conversations.emptyTitle, text: m.conversations.emptyText }}
      />
    </Page>
  );
}
