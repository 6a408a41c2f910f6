// The first minute of a new site: whoever holds the one-time link becomes its owner.
import { useState } from "preact/hooks";
import { freehold } from "../../api/freehold";
import type { RegistrationMode } from "../../api/types";
import { m } from "../../i18n";
import { navigate, place } from "../../router";
import { session, switchTo } from "../../state/session";
import { Button } from "../../parts/basics";
import { FormTrouble, TextField, useSubmit } from "../../parts/form";
import { Gate } from "./gate";

const MODES: RegistrationMode[] = ["approval", "open", "invite", "closed"];

export function Setup() {
  const token = place.value.query.get("token") ?? "";
  const [title, setTitle] = useState("");
  const [description, setDescription] = useState("");
  const [registrations, setRegistrations] = useState<RegistrationMode>("approval");
  const [username, setUsername] = useState("");
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const form = useSubmit(async () => {
    switchTo(
      await freehold.setUp({
        token,
        username: username.trim(),
        email: email.trim(),
        password,
        title: title.trim(),
        description: description.trim(),
        registrations,
      }),
    );
    navigate("/home", { replace: true });
  });
  if (!token || !session.value.setupNeeded)
    return (
      <Gate title={m.setup.goneTitle}>
        <p>{session.value.setupNeeded ? m.setup.needLink : m.setup.goneText}</p>
        {!session.value.setupNeeded && (
          <p>
            <a class="button button-main" href="/login">
              {m.auth.logIn}
            </a>
          </p>
        )}
      </Gate>
    );
  return (
    <Gate title={m.setup.title} intro={<p>{m.setup.intro}</p>}>
      <form class="form" onSubmit={form.submit}>
        <FormTrouble text={form.trouble} />
        <h2>{m.setup.site}</h2>
        <TextField
          label={m.setup.siteTitle}
          value={title}
          set={setTitle}
          errors={form.errors.title}
          required
          maxLength={60}
          placeholder={m.setup.siteTitleExample}
        />
        <TextField
          label={m.setup.description}
          value={description}
          set={setDescription}
          errors={form.errors.description}
          rows={2}
          maxLength={300}
          hint={m.setup.descriptionHint}
        />
        <fieldset class="choices">
          <legend>{m.setup.registrations}</legend>
          {MODES.map((mode) => (
            <label key={mode} class="choice">
              <input type="radio" name="registrations" checked={registrations === mode} onChange={() => setRegistrations(mode)} />
              <span>
                <strong>{m.setup.modes[mode].name}</strong>
                <small>{m.setup.modes[mode].text}</small>
              </span>
            </label>
          ))}
        </fieldset>
        <h2>{m.setup.you}</h2>
        <TextField
          label={m.auth.username}
          value={username}
          set={setUsername}
          errors={form.errors.username}
          autocomplete="username"
          required
          maxLength={30}
        />
        <TextField
          label={m.auth.email}
          value={email}
          set={setEmail}
          errors={form.errors.email}
          type="email"
          autocomplete="email"
          required
        />
        <TextField
          label={m.auth.password}
          value={password}
          set={setPassword}
          errors={form.errors.password}
          type="password"
          autocomplete="new-password"
          required
          minLength={8}
          hint={m.auth.passwordHint(8)}
        />
        <Button kind="main" type="submit" busy={form.busy}>
          {m.setup.go}
        </Button>
      </form>
    </Gate>
  );
}
