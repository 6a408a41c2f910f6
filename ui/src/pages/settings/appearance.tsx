// Colours, language, motion, and what is shown at once.
import { LOCALES, type Locale, locale, m } from "../../i18n";
import { complain } from "../../state/notices";
import { changePreferences, preferences } from "../../state/settings";
import type { Preferences, Theme } from "../../api/types";
import { Field, Switch } from "../../parts/basics";
import { SettingsPage } from "./frame";

const THEMES: Theme[] = ["auto", "light", "dark"];
const MEDIA: Preferences["expandMedia"][] = ["default", "show_all", "hide_all"];

const change = (changes: Partial<Preferences>): void => void changePreferences(changes).catch(complain);

export function AppearanceSettings() {
  const now = preferences.value;
  return (
    <SettingsPage title={m.settings.appearance}>
      <div class="sheet form">
        <fieldset class="themes">
          <legend>{m.settings.theme}</legend>
          {THEMES.map((theme) => (
            <label key={theme} class={`theme theme-${theme}`}>
              <input type="radio" name="theme" checked={now.theme === theme} onChange={() => change({ theme })} />
              <span class="theme-sample" aria-hidden="true">
                <i />
                <i />
                <i />
              </span>
              <span>{m.settings.themes[theme]}</span>
            </label>
          ))}
        </fieldset>
        <Field label={m.settings.language}>
          {(ids) => (
            <select {...ids} value={locale.value} onChange={(event) => change({ locale: event.currentTarget.value })}>
              {(Object.keys(LOCALES) as Locale[]).map((code) => (
                <option key={code} value={code}>
                  {LOCALES[code]}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label={m.settings.media}>
          {(ids) => (
            <select
              {...ids}
              value={now.expandMedia}
              onChange={(event) => change({ expandMedia: event.currentTarget.value as Preferences["expandMedia"] })}
            >
              {MEDIA.map((each) => (
                <option key={each} value={each}>
                  {m.settings.mediaChoices[each]}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Switch
          label={m.settings.expandWarnings}
          hint={m.settings.expandWarningsHint}
          checked={now.expandWarnings}
          onChange={(expandWarnings) => change({ expandWarnings })}
        />
        <Switch
          label={m.settings.reduceMotion}
          hint={m.settings.reduceMotionHint}
          checked={now.reduceMotion}
          onChange={(reduceMotion) => change({ reduceMotion })}
        />
      </div>
    </SettingsPage>
  );
}
