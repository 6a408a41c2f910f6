// The captions of a film being posted: those it has, and a file for one language more.
import { useRef, useState } from "preact/hooks";
import { dropCaptions, putCaptions } from "../api/captions";
import type { Attachment } from "../api/types";
import { languageName, m } from "../i18n";
import { complain } from "../state/notices";
import { Button, Field, IconButton } from "../parts/basics";
import { languages } from "./languages";

const own = (code: string): string => new Intl.DisplayNames([code], { type: "language" }).of(code) ?? code;

export function CaptionFiles({ attachment, change }: { attachment: Attachment; change: (now: Attachment) => void }) {
  const [language, setLanguage] = useState(document.documentElement.lang);
  const [busy, setBusy] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const run = async (what: Promise<Attachment>): Promise<void> => {
    setBusy(true);
    await what.then(change, complain);
    setBusy(false);
  };
  const all = attachment.freehold?.captions ?? [];
  return (
    <section class="captions" aria-label={m.player.captions}>
      <h3>{m.player.captions}</h3>
      {all.length > 0 && (
        <ul>
          {all.map((each) => (
            <li key={each.language}>
              <span>{each.label || languageName(each.language)}</span>
              <IconButton
                icon="close"
                label={m.compose.removeCaptions(each.label || each.language)}
                disabled={busy}
                onClick={() => run(dropCaptions(attachment.id, each.language))}
              />
            </li>
          ))}
        </ul>
      )}
      <div class="captions-add">
        <Field label={m.compose.captionsLanguage}>
          {(ids) => (
            <select {...ids} value={language} onChange={(event) => setLanguage(event.currentTarget.value)}>
              {languages().map(({ code, name }) => (
                <option key={code} value={code}>
                  {name}
                </option>
              ))}
            </select>
          )}
        </Field>
        <input
          ref={input}
          type="file"
          accept=".vtt,.srt,text/vtt"
          hidden
          tabIndex={-1}
          onChange={(event) => {
            const file = event.currentTarget.files?.[0];
            if (file) void run(putCaptions(attachment.id, language, own(language), file));
            event.currentTarget.value = "";
          }}
        />
        <Button icon="captions" busy={busy} onClick={() => input.current?.click()}>
          {m.compose.addCaptions}
        </Button>
      </div>
      <p class="hint">{m.compose.captionsHint}</p>
    </section>
  );
}
