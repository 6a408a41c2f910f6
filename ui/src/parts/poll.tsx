// A poll: choices while one may still vote, bars afterwards.
import { useId, useState } from "preact/hooks";
import { api } from "../api/client";
import type { CustomEmoji, Poll } from "../api/types";
import { m, timeLeft } from "../i18n";
import { keepPoll } from "../state/entities";
import { complain } from "../state/notices";
import { me } from "../state/session";
import { Button } from "./basics";
import { Icon } from "./icon";
import { askToJoin } from "./post-menu";
import { withEmojis } from "./rich";

/** The pictures of a poll's emoji belong to the whole poll; masto's type has them with each option. */
const emojisOf = (poll: Poll): CustomEmoji[] => (poll as unknown as { emojis?: CustomEmoji[] }).emojis ?? [];

export function PollBox({ statusId, poll }: { statusId: string; poll: Poll }) {
  const [chosen, setChosen] = useState<number[]>([]);
  const [busy, setBusy] = useState(false);
  const [peek, setPeek] = useState(false);
  const name = useId();
  const over = poll.expired || (poll.expiresAt ? new Date(poll.expiresAt).getTime() < Date.now() : false);
  const results = over || poll.voted || peek;

  const vote = async (): Promise<void> => {
    if (!me.value) return askToJoin();
    setBusy(true);
    try {
      keepPoll(statusId, await api.v1.polls.$select(poll.id).votes.create({ choices: chosen }));
    } catch (error) {
      complain(error);
    }
    setBusy(false);
  };
  const refresh = async (): Promise<void> => {
    try {
      keepPoll(statusId, await api.v1.polls.$select(poll.id).fetch());
    } catch (error) {
      complain(error);
    }
  };
  const choose = (index: number, on: boolean): void => {
    if (!poll.multiple) setChosen([index]);
    else setChosen(on ? [...chosen, index] : chosen.filter((each) => each !== index));
  };

  const total = poll.votersCount ?? poll.votesCount;
  const most = Math.max(...poll.options.map((option) => option.votesCount ?? 0));
  return (
    <fieldset class="poll" data-inert>
      <legend class="visually-hidden">{m.poll.legend}</legend>
      {poll.options.map((option, index) => {
        const votes = option.votesCount ?? 0;
        const share = total > 0 ? Math.round((votes / total) * 100) : 0;
        const words = (
          <span class="poll-title" dir="auto">
            {withEmojis(option.title, emojisOf(poll))}
          </span>
        );
        if (!results)
          return (
            <label key={index} class="poll-choice">
              <input
                type={poll.multiple ? "checkbox" : "radio"}
                name={name}
                checked={chosen.includes(index)}
                onChange={(event) => choose(index, event.currentTarget.checked)}
              />
              {words}
            </label>
          );
        return (
          <div key={index} class={`poll-result${votes === most && most > 0 ? " poll-first" : ""}`}>
            <span class="poll-bar" style={{ inlineSize: `${share}%` }} aria-hidden="true" />
            {words}
            {poll.ownVotes?.includes(index) && <Icon name="check" label={m.poll.yours} />}
            <span class="poll-share">{share} %</span>
          </div>
        );
      })}
      <p class="poll-foot">
        {!results && (
          <Button kind="soft" small busy={busy} disabled={chosen.length === 0} onClick={vote}>
            {m.poll.vote}
          </Button>
        )}
        <span>{m.poll.votes(total)}</span>
        <span>{over ? m.poll.over : poll.expiresAt ? m.poll.ends(timeLeft(poll.expiresAt)) : ""}</span>
        {!over && !poll.voted && (
          <button type="button" class="link" onClick={() => setPeek(!peek)}>
            {peek ? m.poll.back : m.poll.results}
          </button>
        )}
        {!over && poll.voted && (
          <button type="button" class="link" onClick={() => void refresh()}>
            {m.poll.refresh}
          </button>
        )}
      </p>
    </fieldset>
  );
}
