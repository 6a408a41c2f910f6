// The choices of a poll being written.
import type { Draft } from "../state/drafts";
import { m } from "../i18n";
import { IconButton, Switch } from "../parts/basics";

export type PollDraft = NonNullable<Draft["poll"]>;

export const newPoll = (): PollDraft => ({ options: ["", ""], expiresIn: 86_400, multiple: false });

export const pollIsReady = (poll: PollDraft | null): boolean => !poll || poll.options.filter((option) => option.trim()).length >= 2;

const MAX_OPTIONS = 4;
const LONGEST_OPTION = 50;
const DURATIONS = [300, 1800, 3600, 21_600, 43_200, 86_400, 259_200, 604_800] as const;

export function PollEditor({ poll, change }: { poll: PollDraft; change: (poll: PollDraft | null) => void }) {
  const setOption = (index: number, text: string): void => {
    const options = poll.options.map((option, at) => (at === index ? text : option));
    const full = options.every((option) => option.trim());
    change({ ...poll, options: full && options.length < MAX_OPTIONS ? [...options, ""] : options });
  };
  return (
    <fieldset class="poll-editor">
      <legend>{m.compose.poll}</legend>
      {poll.options.map((option, index) => (
        <div key={index} class="poll-editor-row">
          <input
            type="text"
            value={option}
            maxLength={LONGEST_OPTION}
            placeholder={m.compose.option(index + 1)}
            aria-label={m.compose.option(index + 1)}
            onInput={(event) => setOption(index, event.currentTarget.value)}
          />
          {poll.options.length > 2 && (
            <IconButton
              icon="close"
              label={m.compose.removeOption(index + 1)}
              onClick={() => change({ ...poll, options: poll.options.filter((_, at) => at !== index) })}
            />
          )}
        </div>
      ))}
      <div class="poll-editor-foot">
        <label class="inline-field">
          <span>{m.compose.pollLength}</span>
          <select value={poll.expiresIn} onChange={(event) => change({ ...poll, expiresIn: Number(event.currentTarget.value) })}>
            {DURATIONS.map((seconds) => (
              <option key={seconds} value={seconds}>
                {m.duration(seconds)}
              </option>
            ))}
          </select>
        </label>
        <Switch label={m.compose.pollMultiple} checked={poll.multiple} onChange={(multiple) => change({ ...poll, multiple })} />
      </div>
    </fieldset>
  );
}
