// What every form does: say it is busy, show the fields that are wrong, keep the sentence for the rest.
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { type FieldErrors, RequestError, explain, fieldErrors } from "../api/errors";
import { MastoHttpError } from "masto";
import { m } from "../i18n";
import { Field } from "./basics";
import { Icon } from "./icon";

export interface Submitting {
  busy: boolean;
  errors: FieldErrors;
  trouble: string | null;
  submit: (event: Event) => void;
}

/** `send` may throw; what the server says about single fields goes to them. */
export function useSubmit(send: () => Promise<unknown>, explainFirst?: (error: unknown) => string | null): Submitting {
  const [busy, setBusy] = useState(false);
  const [errors, setErrors] = useState<FieldErrors>({});
  const [trouble, setTrouble] = useState<string | null>(null);
  const run = async (): Promise<void> => {
    setBusy(true);
    setErrors({});
    setTrouble(null);
    try {
      await send();
    } catch (error) {
      const details = error instanceof RequestError ? error.details : error instanceof MastoHttpError ? fieldErrors(error.details) : {};
      setErrors(details);
      setTrouble(explainFirst?.(error) ?? (Object.keys(details).length > 0 ? m.errors.checkFields : explain(error)));
    }
    setBusy(false);
  };
  const submit = (event: Event): void => {
    event.preventDefault();
    if (!busy) void run();
  };
  return { busy, errors, trouble, submit };
}

export function FormTrouble({ text }: { text: string | null }) {
  return (
    <div role="alert">
      {text && (
        <p class="form-trouble">
          <Icon name="alert" />
          {text}
        </p>
      )}
    </div>
  );
}

interface TextProps {
  label: string;
  value: string;
  set: (value: string) => void;
  type?: "text" | "email" | "password" | "url" | "number" | "search" | "tel";
  inputMode?: "numeric";
  hint?: ComponentChildren;
  errors?: string[] | undefined;
  autocomplete?: string;
  required?: boolean;
  maxLength?: number;
  minLength?: number;
  pattern?: string;
  rows?: number;
  placeholder?: string;
}

export function TextField({ label, value, set, hint, errors, rows, type = "text", autocomplete, ...rest }: TextProps) {
  const isName = autocomplete === "username" || type === "email";
  return (
    <Field label={label} hint={hint} errors={errors}>
      {(ids) =>
        rows ? (
          <textarea {...ids} {...rest} rows={rows} value={value} onInput={(event) => set(event.currentTarget.value)} />
        ) : (
          <input
            {...ids}
            {...rest}
            type={type as "text"}
            value={value}
            {...(autocomplete && { autocomplete: autocomplete as "on" })}
            {...(isName && { autocapitalize: "none", spellcheck: false })}
            onInput={(event) => set(event.currentTarget.value)}
          />
        )
      }
    </Field>
  );
}
