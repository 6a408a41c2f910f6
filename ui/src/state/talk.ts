// What people here are talking about: the server's trends, or, where it keeps none, what the newest local posts say.
import { api } from "../api/client";
import type { Status, Tag } from "../api/types";

const NEWEST = 40;

function countTags(posts: Status[]): Tag[] {
  const people = new Map<string, Set<string>>();
  const named = new Map<string, Tag>();
  for (const { account, tags } of posts) {
    for (const tag of tags) {
      named.set(tag.name, tag);
      people.set(tag.name, (people.get(tag.name) ?? new Set()).add(account.id));
    }
  }
  const rows = [...named.values()].map((tag) => ({ tag, accounts: people.get(tag.name)?.size ?? 0 }));
  rows.sort((a, b) => b.accounts - a.accounts);
  return rows.map(({ tag, accounts }) => ({ ...tag, history: [{ day: "0", uses: String(accounts), accounts: String(accounts) }] }));
}

export async function tagsInTalk(most: number): Promise<Tag[]> {
  const trends = await api.v1.trends.tags.list({ limit: most });
  if (trends.length > 0) return trends;
  return countTags(await api.v1.timelines.public.list({ local: true, limit: NEWEST })).slice(0, most);
}

/** Pages of posts that stand out; where none are known, the newest of this site. */
export async function* postsInTalk(): AsyncGenerator<Status[]> {
  let any = false;
  for await (const page of api.v1.trends.statuses.list({ limit: 20 })) {
    if (page.length === 0) break;
    any = true;
    yield page;
  }
  if (!any) yield* api.v1.timelines.public.list({ local: true, limit: 20 });
}
