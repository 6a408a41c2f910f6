// What the site says about itself, who may join, and its rules.
import { useState } from "preact/hooks";
import { freehold } from "../../api/freehold";
import type { RegistrationMode, Site, SiteRule } from "../../api/types";
import { m } from "../../i18n";
import { say } from "../../state/notices";
import { loadSession } from "../../state/session";
import { Button, IconButton, Switch } from "../../parts/basics";
import { FormTrouble, TextField, useSubmit } from "../../parts/form";
import { Load, useLoad } from "../../parts/load";
import { ModerationPage } from "./frame";

const MODES: RegistrationMode[] = ["approval", "open", "invite", "closed"];

function Rules({ rules, change }: { rules: SiteRule[]; change: (rules: SiteRule[]) => void }) {
  const set = (index: number, next: Partial<SiteRule>): void =>
    change(rules.map((rule, at) => (at === index ? { ...rule, ...next } : rule)));
  return (
    <fieldset class="fields">
      <legend>{m.about.rules}</legend>
      {rules.map((rule, index) => (
        <div key={rule.id ?? `new-${index}`} class="fields-row fields-row-rule">
          <span class="rule-number" aria-hidden="true">
            {index + 1}
          </span>
          <div>
            <input
              type="text"
              value={rule.text}
              maxLength={300}
              aria-label={m.moderation.rule(index + 1)}
              placeholder={m.moderation.rule(index + 1)}
              onInput={(event) => set(index, { text: event.currentTarget.value })}
            />
            <input
              type="text"
              value={rule.hint}
              maxLength={300}
              aria-label={m.moderation.ruleHint}
              placeholder={m.moderation.ruleHint}
              onInput={(event) => set(index, { hint: event.currentTarget.value })}
            />
          </div>
          <IconButton
            icon="trash"
            label={m.moderation.removeRule(index + 1)}
            onClick={() => change(rules.filter((_, at) => at !== index))}
          />
        </div>
      ))}
      <Button small icon="plus" onClick={() => change([...rules, { text: "", hint: "" }])}>
        {m.moderation.addRule}
      </Button>
    </fieldset>
  );
}

function Form({ site }: { site: Site }) {
  const [now, setNow] = useState(site);
  const set =
    <K extends keyof Site>(key: K) =>
    (value: Site[K]): void =>
      setNow((before) => ({ ...before, [key]: value }));
  const form = useSubmit(async () => {
    setNow(await freehold.updateSite({ ...now, rules: now.rules.filter((rule) => rule.text.trim()) }));
    await loadSession();
    say(m.common.saved);
  });
  return (
    <form class="sheet form" onSubmit={form.submit}>
      <FormTrouble text={form.trouble} />
      <TextField label={m.setup.siteTitle} value={now.title} set={set("title")} required maxLength={60} errors={form.errors.title} />
      <TextField
        label={m.setup.description}
        value={now.description}
        set={set("description")}
        rows={2}
        maxLength={300}
        hint={m.setup.descriptionHint}
        errors={form.errors.description}
      />
      <TextField
        label={m.moderation.extended}
        value={now.extendedDescription}
        set={set("extendedDescription")}
        rows={5}
        errors={form.errors.extended_description}
      />
      <TextField
        label={m.panel.privacy}
        value={now.privacyPolicy}
        set={set("privacyPolicy")}
        rows={5}
        errors={form.errors.privacy_policy}
      />
      <TextField
        label={m.moderation.contactEmail}
        value={now.contactEmail}
        set={set("contactEmail")}
        type="email"
        errors={form.errors.contact_email}
      />
      <fieldset class="choices">
        <legend>{m.setup.registrations}</legend>
        {MODES.map((mode) => (
          <label key={mode} class="choice">
            <input type="radio" name="registrations" checked={now.registrations === mode} onChange={() => set("registrations")(mode)} />
            <span>
              <strong>{m.setup.modes[mode].name}</strong>
              <small>{m.setup.modes[mode].text}</small>
            </span>
          </label>
        ))}
      </fieldset>
      {now.registrations === "approval" && (
        <Switch label={m.moderation.reasonRequired} checked={now.reasonRequired} onChange={set("reasonRequired")} />
      )}
      <Rules rules={now.rules} change={set("rules")} />
      <div class="row row-end">
        <Button kind="main" type="submit" busy={form.busy}>
          {m.common.save}
        </Button>
      </div>
    </form>
  );
}

export function SiteSettings() {
  const site = useLoad<Site>(() => freehold.site(), []);
  return (
    <ModerationPage title={m.moderation.site}>
      <Load from={site}>{(found) => <Form site={found} />}</Load>
    </ModerationPage>
  );
}
